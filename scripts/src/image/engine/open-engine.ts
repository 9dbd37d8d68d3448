import { remark } from "../../cli/terminal.ts";
import { docker, findEngineProblem } from "../docker.ts";
import { installEngine } from "./install-engine.ts";
import { createStandInBase } from "./stand-in-base.ts";
import { startEngine } from "./start-engine.ts";

/** An engine that answers, and holds the base image. */
export interface Engine {
  readonly nodeImage: string;
  /** Stops the engine if this process has started it. */
  readonly close: () => Promise<void>;
}

/** There is none, and why. */
export interface NoEngine {
  readonly reason: string;
}

/**
 * Finds an engine with the base image, or starts one of our own with a stand-in for it.
 *
 * @param usualImage what the Dockerfile names as its base
 */
export const openEngine = async (usualImage: string): Promise<Engine | NoEngine> => {
  const given = process.env["NODE_IMAGE"] ?? "";
  if ((await findEngineProblem()) === undefined) return await useEngine(given, usualImage);
  const reason = await installEngine();
  if (reason !== undefined) return { reason };
  const engine = await startEngine().catch((error: Error) => ({ reason: error.message }));
  if ("reason" in engine) return engine;
  try {
    const nodeImage = given === "" ? await createStandInBase() : given;
    remark(`An engine of our own, and the base image ${nodeImage}`);
    return { nodeImage, close: engine.close };
  } catch (error) {
    await engine.close();
    throw error;
  }
};

/** An engine that was there before us: it fetches the base, or gets the stand-in where it reaches no image hub. */
const useEngine = async (given: string, usualImage: string): Promise<Engine | NoEngine> => {
  const close = async (): Promise<void> => {};
  if (given !== "") return { nodeImage: given, close };
  try {
    await docker("pull", "--quiet", usualImage);
    return { nodeImage: usualImage, close };
  } catch (error) {
    const problem = (error as Error).message;
    remark(`${problem}\nSo a stand-in is the base; NODE_IMAGE names another.`);
    return await createStandInBase().then(
      (nodeImage) => ({ nodeImage, close }),
      (cause: Error) => ({ reason: `${problem}; no stand-in for it either: ${cause.message}` }),
    );
  }
};
