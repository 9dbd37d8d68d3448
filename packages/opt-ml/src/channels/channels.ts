import { type Dirent, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { InputError, listNames, quote } from "@byoc/errors";
import { isJsonObject, type JsonObject, readConfigFile } from "../config-file.ts";
import type { Paths } from "../paths.ts";
import type { Channel, InputMode } from "./channel.ts";
import { readFileChannel } from "./file-channel.ts";
import { createPipeReader } from "./pipe-channel.ts";

/** The inputs of a job by their usual names. */
export interface Channels {
  readonly all: readonly Channel[];
  /**
   * What the model learns from: the channel `training`, or `train`.
   *
   * @throws InputError CHANNEL_MISSING when the job has neither
   */
  readonly training: Channel;
  /** What chooses between models and is reported. */
  readonly validation: Channel | undefined;
  /** What is only evaluated, at the end. */
  readonly test: Channel | undefined;
  find(name: string): Channel | undefined;
}

/**
 * Reads inputdataconfig.json; without it, the folders and pipes of `/opt/ml/input/data` are the channels.
 *
 * @throws InputError CHANNEL_CONFIG when the file does not hold what SageMaker writes, CHANNEL_AMBIGUOUS when both
 *   `training` and `train` are there, CHANNEL_UNREADABLE when the folder of the channels cannot be read
 */
export const readChannels = (paths: Paths): Channels => {
  const config = readConfigFile(paths.inputConfigDir, "inputdataconfig.json");
  const isConfigured = config !== undefined && Object.keys(config).length > 0;
  const all = isConfigured ? readConfigured(paths, config) : findUnconfigured(paths);
  const find = (name: string): Channel | undefined => all.find((channel) => channel.name === name);
  if (find("training") !== undefined && find("train") !== undefined) {
    const problem = "the job has a channel training and a channel train; give it one of them";
    throw new InputError("CHANNEL_AMBIGUOUS", problem);
  }
  return {
    all,
    find,
    get training() {
      const training = find("training") ?? find("train");
      if (training !== undefined) return training;
      const found = listNames(
        all.map(({ name }) => name),
        { conjunction: "and" },
      );
      const problem = `the job has no channel training (or train); its channels: ${found}`;
      throw new InputError("CHANNEL_MISSING", problem);
    },
    get validation() {
      return find("validation");
    },
    get test() {
      return find("test");
    },
  };
};

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Channel.html */
const CHANNEL_NAME = /^(?!\.+$)[A-Za-z0-9._-]{1,64}$/u;

const readConfigured = (paths: Paths, config: JsonObject): readonly Channel[] =>
  Object.entries(config).map(([name, entry]) => {
    if (!isJsonObject(entry)) {
      throw configError(`channel ${name} must be an object, found ${quote(JSON.stringify(entry))}`);
    }
    if (!CHANNEL_NAME.test(name)) {
      throw configError(
        `${quote(name)} is no channel name: letters, digits, ".", "-", "_", at most 64`,
      );
    }
    const contentType = entry["ContentType"];
    return createChannel(paths, {
      name,
      inputMode: toInputMode(name, entry["TrainingInputMode"]),
      contentType: typeof contentType === "string" && contentType !== "" ? contentType : undefined,
      isSharded: entry["S3DistributionType"] === "ShardedByS3Key",
      isRecordIo: entry["RecordWrapperType"] === "RecordIO",
    });
  });

const INPUT_MODES: readonly InputMode[] = ["File", "FastFile", "Pipe"];

const toInputMode = (name: string, value: unknown): InputMode => {
  if (value === undefined) return "File";
  const mode = INPUT_MODES.find((known) => known === value);
  if (mode !== undefined) return mode;
  const found = quote(JSON.stringify(value));
  throw configError(
    `channel ${name}: TrainingInputMode must be ${listNames(INPUT_MODES)}, found ${found}`,
  );
};

const PIPE_OF_FIRST_EPOCH = /^(?<name>.+)_0$/u;

/** Files beside the channels, such as `training-manifest`, are no channels. */
const findUnconfigured = (paths: Paths): readonly Channel[] =>
  readEntries(paths.inputDataDir).flatMap((entry) => {
    const pipe = entry.isFIFO()
      ? PIPE_OF_FIRST_EPOCH.exec(entry.name)?.groups?.["name"]
      : undefined;
    if (entry.name.startsWith(".") || (pipe === undefined && !isFolder(entry))) return [];
    return [
      createChannel(paths, {
        name: pipe ?? entry.name,
        inputMode: pipe === undefined ? "File" : "Pipe",
        contentType: undefined,
        isSharded: false,
        isRecordIo: false,
      }),
    ];
  });

/** A link that leads nowhere counts as a folder, so that reading the channel tells what is wrong with it. */
const isFolder = (entry: Dirent): boolean =>
  entry.isDirectory() ||
  (entry.isSymbolicLink() &&
    statSync(path.join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.isFile() !==
      true);

const readEntries = (dir: string): readonly Dirent[] => {
  try {
    return readdirSync(dir, { withFileTypes: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return [];
    throw new InputError("CHANNEL_UNREADABLE", `${dir} cannot be read: ${message}`, {
      cause: error,
    });
  }
};

interface ChannelSettings extends Pick<
  Channel,
  "name" | "inputMode" | "contentType" | "isSharded"
> {
  readonly isRecordIo: boolean;
}

const createChannel = (
  { inputDataDir }: Paths,
  { isRecordIo, ...settings }: ChannelSettings,
): Channel => {
  const { name, inputMode } = settings;
  if (inputMode === "Pipe") {
    const sources = createPipeReader({ inputDataDir, channel: name, isRecordIo });
    return { ...settings, dir: undefined, sources };
  }
  const dir = path.join(inputDataDir, name);
  return {
    ...settings,
    dir,
    async *sources() {
      yield* readFileChannel(dir, name);
    },
  };
};

const configError = (problem: string): InputError =>
  new InputError("CHANNEL_CONFIG", problem, { file: "inputdataconfig.json" });
