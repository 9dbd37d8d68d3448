import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

/** Names that begin so belong to files that are still being written. */
export const TEMPORARY_PREFIX = ".byoc-partial-";

/**
 * Writes a file so that it is either whole or not there: temporary name beside it, fsync, rename, fsync of the folder.
 *
 * @param parts Written one after the other; text as UTF-8.
 */
export const writeFileAtomic = (
  file: string,
  ...parts: readonly (string | NodeJS.ArrayBufferView)[]
): void => {
  const folder = path.dirname(file);
  mkdirSync(folder, { recursive: true });
  const temporary = path.join(folder, `${TEMPORARY_PREFIX}${process.pid}-${path.basename(file)}`);
  try {
    const descriptor = openSync(temporary, "w");
    try {
      for (const part of parts) writeFileSync(descriptor, part);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(folder);
};

/** Makes renames and removals in a folder last through a power cut, where the file system can. */
export const syncFolder = (folder: string): void => {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(folder, "r");
    fsyncSync(descriptor);
  } catch {
    // Some network file systems refuse to open or sync a folder; the rename itself has been done.
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
};
