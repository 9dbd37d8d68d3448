import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { InputMode } from "../channels/channel.ts";
import { createPaths, type Paths } from "../paths.ts";
import { feedPipes, type PipeFeeder } from "./pipe-feeder.ts";

/** What a channel holds: a file or folder to copy, or the content of files by their names. */
export type ChannelContent = string | Readonly<Record<string, string | Uint8Array>>;

/** The hosts of a made-up cluster. */
export interface TreeCluster {
  readonly currentHost: string;
  readonly hosts: readonly string[];
}

/** What SageMaker would have been told about the job. */
export interface TreeOptions {
  /** Where `/opt/ml` is to lie; a new temporary folder when not given. */
  readonly baseDir?: string;
  /** Written as they are, so give texts, as SageMaker does. */
  readonly hyperparameters?: Readonly<Record<string, string>>;
  readonly channels?: Readonly<Record<string, ChannelContent>>;
  /** Of every channel; default `File`. In Pipe mode this process feeds the pipes until the tree is closed. */
  readonly mode?: InputMode;
  /** Each host has other objects; default false. */
  readonly isSharded?: boolean;
  readonly cluster?: TreeCluster;
  readonly jobName?: string;
  /** Further files of `input/config` by name, such as `checkpointconfig.json`, as JSON values or texts. */
  readonly configFiles?: Readonly<Record<string, unknown>>;
}

/** A tree as SageMaker lays it out for a container. */
export interface Tree {
  readonly baseDir: string;
  readonly paths: Paths;
  /** For the container's process: where the tree is, and the job's name. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the container wrote to the failure file; undefined when it wrote none. */
  readFailure(): string | undefined;
  /** Stops feeding pipes, and removes the tree if it lies in a temporary folder. */
  close(): Promise<void>;
}

/** Makes an `/opt/ml` tree; model and output of an earlier run in the same folder are removed. */
export const createTree = async (options: TreeOptions = {}): Promise<Tree> => {
  const { baseDir, jobName = "local", mode = "File" } = options;
  const root = baseDir ?? mkdtempSync(path.join(tmpdir(), "opt-ml-"));
  const paths = createPaths(root);
  for (const dir of [paths.inputDir, paths.modelDir, paths.outputDir]) {
    rmSync(dir, { recursive: true, force: true });
  }
  for (const dir of [
    paths.inputConfigDir,
    paths.inputDataDir,
    paths.modelDir,
    paths.outputDataDir,
  ]) {
    mkdirSync(dir, { recursive: true });
  }
  writeConfig(paths, options);
  const feeders: PipeFeeder[] = [];
  const sources = mkdtempSync(path.join(tmpdir(), "opt-ml-pipe-"));
  for (const [channel, content] of Object.entries(options.channels ?? {})) {
    if (mode === "Pipe") {
      const dataDir = path.join(sources, channel);
      writeChannel(dataDir, content);
      feeders.push(await feedPipes({ inputDataDir: paths.inputDataDir, channel, dataDir }));
    } else {
      writeChannel(path.join(paths.inputDataDir, channel), content);
    }
  }
  return {
    baseDir: root,
    paths,
    environment: { SAGEMAKER_BASE_DIR: root, TRAINING_JOB_NAME: jobName },
    readFailure: () =>
      existsSync(paths.failureFile) ? readFileSync(paths.failureFile, "utf8") : undefined,
    async close() {
      await Promise.all(feeders.map((feeder) => feeder.close()));
      rmSync(sources, { recursive: true, force: true });
      if (baseDir === undefined) rmSync(root, { recursive: true, force: true });
    },
  };
};

const writeConfig = (
  { inputConfigDir }: Paths,
  {
    hyperparameters = {},
    channels = {},
    mode = "File",
    isSharded,
    cluster,
    configFiles = {},
  }: TreeOptions,
): void => {
  const channelConfig = {
    TrainingInputMode: mode,
    S3DistributionType: isSharded ? "ShardedByS3Key" : "FullyReplicated",
    RecordWrapperType: "None",
  };
  const { currentHost, hosts } = cluster ?? { currentHost: "algo-1", hosts: ["algo-1"] };
  const files = {
    "hyperparameters.json": hyperparameters,
    "inputdataconfig.json": Object.fromEntries(
      Object.keys(channels).map((name) => [name, channelConfig]),
    ),
    "resourceconfig.json": {
      current_host: currentHost,
      current_instance_type: "local",
      hosts,
      network_interface_name: "eth0",
    },
    ...configFiles,
  };
  for (const [name, value] of Object.entries(files)) {
    const text = typeof value === "string" ? value : `${JSON.stringify(value, undefined, 2)}\n`;
    writeFileSync(path.join(inputConfigDir, name), text);
  }
};

const writeChannel = (dir: string, content: ChannelContent): void => {
  mkdirSync(dir, { recursive: true });
  if (typeof content === "string") {
    const target = statSync(content).isDirectory() ? dir : path.join(dir, path.basename(content));
    cpSync(content, target, { recursive: true });
    return;
  }
  for (const [name, data] of Object.entries(content)) {
    const file = path.join(dir, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, data);
  }
};
