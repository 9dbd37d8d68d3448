import type { Tree } from "@byoc/opt-ml/testing";
import { countOne, type Part } from "../../check/part.ts";
import { runCommand } from "../../check/run-command.ts";
import type { Container } from "../../container.ts";
import { checkConfiguration, checkFiles, checkSize } from "./check-contents.ts";
import { checkServing } from "./check-serving.ts";
import { checkCompileCache, checkFailure, checkTraining } from "./check-training.ts";

/** What a container is checked with. */
export interface Trial {
  readonly container: Container;
  /** `byoc/decision-tree` */
  readonly image: string;
  readonly nodeImage: string;
  /** Its data; the trained model comes to lie here, and is what serves. */
  readonly tree: Tree;
}

/** Nothing can be written but /tmp: what a serverless endpoint looks like. */
const READ_ONLY = ["--read-only", "--tmpfs", "/tmp"] as const;
const NO_NETWORK = ["--network", "none"] as const;
const ANY_USER = ["--user", "12345"] as const;

/** The parts of the check, in their order: the model that the first training leaves is served later. */
export const createImageParts = ({ container, image, nodeImage, tree }: Trial): Part[] => {
  const { name } = container;
  return [
    { name: `${name}: build`, run: () => buildImage(name) },
    createPart(name, "configuration", () => checkConfiguration(image, name)),
    createPart(name, "files", () => checkFiles(image, name)),
    createPart(name, "size", () => checkSize(image, name, nodeImage)),
    createPart(name, "no data", () => checkFailure(image)),
    createPart(name, "train", () => checkTraining(image, tree)),
    createPart(name, "train, read-only, no network", () =>
      checkTraining(image, tree, [...READ_ONLY, ...NO_NETWORK]),
    ),
    createPart(name, "compile cache", () => checkCompileCache(image, tree)),
    createPart(name, "serve", () => checkServing(image, container, tree)),
    createPart(name, "serve, read-only, any user", () =>
      checkServing(image, container, tree, [...READ_ONLY, ...ANY_USER]),
    ),
  ];
};

const createPart = (container: string, name: string, check: () => Promise<string>): Part => ({
  name: `${container}: ${name}`,
  run: () =>
    check().then(
      (remark) => ({ counts: countOne(true), output: "", remark }),
      (error: Error) => ({ counts: countOne(false), output: error.message }),
    ),
});

/** As a person does it: through turbo. */
const buildImage: (name: string) => ReturnType<Part["run"]> = async (name) => {
  const args = ["run", "build", `--filter=@byoc/${name}`, "--no-color", "--ui=stream"];
  const { hasPassed, output } = await runCommand("turbo", args);
  const remark = /is built: (.+)/.exec(output)?.[1];
  return { counts: countOne(hasPassed), output, ...(remark === undefined ? {} : { remark }) };
};
