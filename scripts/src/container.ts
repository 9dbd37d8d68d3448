import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { usageError } from "./cli/command-error.ts";
import { didYouMean } from "./cli/did-you-mean.ts";
import { listContainers, repositoryDir } from "./repository.ts";

/** A folder of `containers/`, and what its package.json says under "byoc". */
export interface Container {
  readonly name: string;
  /** Absolute, like every path here. */
  readonly dir: string;
  /** `src/main.ts`, which takes `train` or `serve`. */
  readonly entry: string;
  /** The data that it is tried with: channel name to file or folder. */
  readonly channels: Readonly<Record<string, string>>;
  /** Hyperparameters that fit that data. */
  readonly hyperparameters: Readonly<Record<string, string>>;
  /** A request body to try it with. */
  readonly payload: string | undefined;
  /** Its /opt/ml on this machine; git-ignored, and kept for a look into it. */
  readonly treeDir: string;
}

/**
 * Finds a container by its name.
 *
 * @throws CommandError (exit code 2) with the nearest name when there is none.
 */
export const loadContainer = async (name: string): Promise<Container> => {
  const known = await listContainers();
  if (!known.includes(name)) {
    throw usageError(
      `there is no container "${name}"${didYouMean(name, known)} (containers: ${known.join(", ")})`,
    );
  }
  const dir = join(repositoryDir, "containers", name);
  const manifest = JSON.parse(await readFile(join(dir, "package.json"), "utf8")) as Manifest;
  const { channels = {}, hyperparameters = {}, payload } = manifest.byoc ?? {};
  return {
    name,
    dir,
    entry: join(dir, "src/main.ts"),
    channels: Object.fromEntries(
      Object.entries(channels).map(([channel, path]) => [channel, resolve(dir, path)]),
    ),
    hyperparameters,
    payload: payload === undefined ? undefined : resolve(dir, payload),
    treeDir: join(repositoryDir, ".byoc", name, "ml"),
  };
};

interface Manifest {
  readonly byoc?: {
    readonly channels?: Readonly<Record<string, string>>;
    readonly hyperparameters?: Readonly<Record<string, string>>;
    readonly payload?: string;
  };
}
