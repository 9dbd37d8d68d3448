import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { extname, isAbsolute, join, resolve, sep } from "node:path";
import { InputError, quote } from "@byoc/errors";
import { InvocationError } from "../invocation-error.ts";

/** The files of a model that is to be loaded. */
export interface ModelFolder {
  /** Where the folder really is, with every link followed. */
  readonly path: string;
  /** The sum of the sizes of all files in it, in bytes. */
  readonly bytes: number;
  /** The memory that loading it may take at its height, in bytes. */
  readonly loadingBytes: number;
}

/** Memory for each byte of a binary file: the file as it was read, and what is made of it. */
export const MEMORY_PER_BINARY_BYTE = 2;
/** Memory for each byte of text: measured 8.4 to 12 with `JSON.parse` of decision trees of 5 to 21 MB. */
export const MEMORY_PER_TEXT_BYTE = 10;

const TEXT_EXTENSIONS: ReadonlySet<string> = new Set([
  ".csv",
  ".json",
  ".jsonl",
  ".txt",
  ".xml",
  ".yaml",
]);

/** What would be a separator, a dot or the end of the path to somebody who decodes once more: `%2F`, `%5C`, `%2E`, `%00`. */
const ENCODED = /%(?:2f|5c|2e|00)/i;

/**
 * Finds the folder of a model below the folder of all models, and adds up its files.
 *
 * @param url The path as it was sent.
 * @param modelsDir `/opt/ml/models`; nothing outside of it is read, by whatever name or link.
 * @throws {InputError} `MODEL_URL_INVALID` if it is not an absolute path below modelsDir, is no folder, or holds a link
 * that leads out.
 * @throws {InvocationError} `MODEL_FOLDER_MISSING` (404) if there is nothing at that path.
 */
export const readModelFolder = async (url: string, modelsDir: string): Promise<ModelFolder> => {
  checkText(url, modelsDir);
  const base = await followLinks(modelsDir, url);
  const path = await followLinks(url, url);
  if (!isBelow(path, base)) throw invalid(url, `a link that leads out of ${modelsDir}`);
  if (!(await stat(path)).isDirectory()) throw invalid(url, "a file; expected a folder");
  return { path, ...(await addFiles(path, base, url)) };
};

const checkText = (url: string, modelsDir: string): void => {
  const isSuspicious = url.includes("\0") || ENCODED.test(url) || url.split("/").includes("..");
  if (isSuspicious || !isAbsolute(url) || !isBelow(resolve(url), resolve(modelsDir))) {
    throw invalid(url, `not a plain path of a folder below ${modelsDir}`);
  }
};

/** Adds up files without following a link twice. */
const addFiles = async (
  folder: string,
  base: string,
  url: string,
): Promise<Pick<ModelFolder, "bytes" | "loadingBytes">> => {
  const folders = [folder];
  const linked = new Set([folder]);
  let bytes = 0;
  let loadingBytes = 0;
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    for (const entry of await readdir(next, { withFileTypes: true })) {
      const path = await followEntry(next, entry, url);
      if (entry.isSymbolicLink()) {
        if (!isBelow(path, base))
          throw invalid(url, `a folder with a link that leads out: ${quote(entry.name)}`);
        if (linked.has(path)) continue;
        linked.add(path);
      }
      const found = await stat(path);
      if (found.isDirectory()) folders.push(path);
      if (!found.isFile()) continue;
      bytes += found.size;
      loadingBytes += found.size * (isText(path) ? MEMORY_PER_TEXT_BYTE : MEMORY_PER_BINARY_BYTE);
    }
  }
  return { bytes, loadingBytes };
};

const isText = (path: string): boolean => TEXT_EXTENSIONS.has(extname(path).toLowerCase());

const followEntry = (folder: string, entry: Dirent, url: string): Promise<string> | string => {
  const path = join(folder, entry.name);
  return entry.isSymbolicLink() ? followLinks(path, url) : path;
};

const followLinks = async (path: string, url: string): Promise<string> => {
  try {
    return await realpath(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ENOTDIR") {
      throw invalid(url, `a path that cannot be followed (${code})`, cause);
    }
    throw new InvocationError(
      404,
      "MODEL_FOLDER_MISSING",
      `"url" is ${quote(url)}; there is nothing at ${quote(path)}`,
      { cause },
    );
  }
};

/** Whether the path is inside the base folder, and not the base folder itself. */
const isBelow = (path: string, base: string): boolean =>
  path.startsWith(base.endsWith(sep) ? base : base + sep);

const invalid = (url: string, found: string, cause?: unknown): InputError =>
  new InputError("MODEL_URL_INVALID", `"url" is ${quote(url)}, ${found}`, { cause });
