/** `npm run build` in a container's folder: builds its image, `byoc/<container>`, and says how large it is. */
import { remark, say, showBytes } from "../cli/terminal.ts";
import { repositoryDir } from "../repository.ts";
import { findEngineProblem, watchDocker } from "./docker.ts";
import { readImage } from "./image.ts";
import { readImageBytes } from "./image-size.ts";

const build = async (): Promise<number> => {
  const { name, version, dockerfile, nodeImage } = await readImage(process.cwd());
  const problem = await findEngineProblem();
  if (problem !== undefined) {
    remark(`${name} was not built: ${problem}`);
    return 1;
  }
  const exitCode = await watchDocker(
    [
      "build",
      `--file=${dockerfile}`,
      `--build-arg=NODE_IMAGE=${nodeImage}`,
      `--tag=${name}:latest`,
      `--tag=${name}:${version}`,
      repositoryDir,
    ],
    // SageMaker refuses an image with attestations.
    { BUILDX_NO_DEFAULT_ATTESTATIONS: "1" },
  );
  if (exitCode === 0) {
    const [all, base] = await Promise.all([readImageBytes(name), readImageBytes(nodeImage)]);
    const added = base === undefined ? "" : `, ${showBytes((all ?? 0) - base)} more than its base`;
    say(`${name}:${version} is built: ${showBytes(all ?? 0)}${added}`);
  }
  return exitCode;
};

process.exitCode = await build();
