import {
  createReadStream,
  lstatSync,
  readdirSync,
  realpathSync,
  type Stats,
  statSync,
} from "node:fs";
import path from "node:path";
import { InputError } from "@byoc/errors";
import type { ChannelSource } from "./channel.ts";

/** Left behind by tools that write data sets, and no data: `_SUCCESS` is Spark's. */
const MARKER_FILES: ReadonlySet<string> = new Set(["_SUCCESS"]);

/**
 * The files of a channel in File or FastFile mode, in the order of their paths.
 *
 * Sub-folders are kept by SageMaker and looked into; dotfiles, `<channel>-manifest` and `_SUCCESS` are left out.
 *
 * @returns absolute paths
 * @throws InputError CHANNEL_EMPTY when the folder is missing or holds no file, CHANNEL_UNREADABLE when something in it
 *   cannot be read, such as a link that leads nowhere
 */
export const listChannelFiles = (dir: string, channel: string): readonly string[] => {
  if (!lstatSync(dir, { throwIfNoEntry: false }) || !inspect(dir, channel).isDirectory()) {
    const problem = `channel ${channel}: there is no folder ${dir}; is the channel's S3 prefix right?`;
    throw new InputError("CHANNEL_EMPTY", problem);
  }
  const files = [...walk(dir, channel)].filter(
    (file) => path.relative(dir, file) !== `${channel}-manifest`,
  );
  if (files.length === 0) {
    const problem = `channel ${channel}: the folder ${dir} holds no files; is the channel's S3 prefix right?`;
    throw new InputError("CHANNEL_EMPTY", problem);
  }
  return files.toSorted();
};

/** A source for each file of the channel, named as `training/iris.csv`. */
export const readFileChannel = function* (dir: string, channel: string): Generator<ChannelSource> {
  for (const file of listChannelFiles(dir, channel)) {
    const name = path.posix.join(channel, ...path.relative(dir, file).split(path.sep));
    yield { name, stream: () => createReadStream(file) };
  }
};

/** @param parents Real paths of the folders that lead here, so that a link to one of them is not followed for ever. */
const walk = function* (
  dir: string,
  channel: string,
  parents: readonly string[] = [],
): Generator<string> {
  const { names, realDir } = readFolder(dir, channel);
  if (parents.includes(realDir)) return;
  for (const name of names) {
    if (name.startsWith(".") || MARKER_FILES.has(name)) continue;
    const file = path.join(dir, name);
    // Follows links: people link their data into a tree that they made by hand.
    if (inspect(file, channel).isDirectory()) yield* walk(file, channel, [...parents, realDir]);
    else yield file;
  }
};

const readFolder = (dir: string, channel: string): { names: string[]; realDir: string } => {
  try {
    return { names: readdirSync(dir), realDir: realpathSync(dir) };
  } catch (error) {
    throw unreadable(dir, channel, error);
  }
};

const inspect = (file: string, channel: string): Stats => {
  try {
    return statSync(file);
  } catch (error) {
    throw unreadable(file, channel, error);
  }
};

const unreadable = (file: string, channel: string, cause: unknown): InputError => {
  const { code, message } = cause as NodeJS.ErrnoException;
  const problem = `channel ${channel}: ${file} cannot be read: ${message}`;
  return new InputError("CHANNEL_UNREADABLE", `${problem}${describeCause(code)}`, { cause });
};

const describeCause = (code: string | undefined): string => {
  if (code === "ENOENT" || code === "ELOOP") return "; it is a link that leads nowhere";
  return code === "EACCES"
    ? "; SageMaker expects the container to run as root: remove USER from the Dockerfile"
    : "";
};
