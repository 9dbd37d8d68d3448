import { createReadStream, readdirSync, statSync } from "node:fs";
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
 * @throws InputError CHANNEL_EMPTY when the folder is missing or holds no file
 */
export const listChannelFiles = (dir: string, channel: string): readonly string[] => {
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) {
    const problem = `channel ${channel}: there is no folder ${dir}; is the channel's S3 prefix right?`;
    throw new InputError("CHANNEL_EMPTY", problem);
  }
  const files = [...walk(dir)].filter((file) => path.relative(dir, file) !== `${channel}-manifest`);
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

const walk = function* (dir: string): Generator<string> {
  for (const name of readdirSync(dir)) {
    if (name.startsWith(".") || MARKER_FILES.has(name)) continue;
    const file = path.join(dir, name);
    // Follows links: people link their data into a tree that they made by hand.
    if (statSync(file).isDirectory()) yield* walk(file);
    else yield file;
  }
};
