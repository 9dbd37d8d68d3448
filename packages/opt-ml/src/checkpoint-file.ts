import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { writeFileAtomic } from "./atomic-file.ts";
import { isJsonObject } from "./config-file.ts";

/** Named byte strings that make up one checkpoint: weights, optimiser state, a JSON text. */
export type CheckpointParts = Readonly<Record<string, Uint8Array>>;

const MAGIC = "BYOC-CHECKPOINT 1\n";

interface Header {
  readonly step: number;
  readonly parts: readonly { readonly name: string; readonly bytes: number }[];
  readonly sha256: string;
}

/**
 * Writes one checkpoint as one file, atomically.
 *
 * Layout: the line `BYOC-CHECKPOINT 1`, a line of JSON with step, names, lengths and SHA-256 of the parts, the parts.
 * One file and not a folder, because SageMaker copies files to S3 one by one, also half of a folder.
 */
export const writeCheckpointFile = (file: string, step: number, parts: CheckpointParts): void => {
  const entries = Object.entries(parts);
  const header: Header = {
    step,
    parts: entries.map(([name, bytes]) => ({ name, bytes: bytes.byteLength })),
    sha256: digest(entries.map(([, bytes]) => bytes)),
  };
  writeFileAtomic(file, MAGIC, `${JSON.stringify(header)}\n`, ...entries.map(([, bytes]) => bytes));
};

/**
 * Reads one checkpoint file back.
 *
 * @throws Error that says what is wrong with the file: cut short, of another format, or damaged
 */
export const readCheckpointFile = (file: string): { step: number; parts: CheckpointParts } => {
  const content = readFileSync(file);
  if (content.toString("latin1", 0, MAGIC.length) !== MAGIC) {
    throw new Error(
      content.byteLength === 0 ? "it is empty" : "it is not a checkpoint of version 1",
    );
  }
  const headerEnd = content.indexOf("\n", MAGIC.length);
  if (headerEnd === -1) throw new Error("it ends inside its header");
  const header = toHeader(content.toString("utf8", MAGIC.length, headerEnd));

  const parts: Record<string, Uint8Array> = {};
  let offset = headerEnd + 1;
  for (const { name, bytes } of header.parts) {
    parts[name] = content.subarray(offset, offset + bytes);
    offset += bytes;
  }
  if (content.byteLength !== offset) {
    throw new Error(`it has ${content.byteLength} bytes, and ${offset} were written`);
  }
  if (digest(Object.values(parts)) !== header.sha256) {
    throw new Error("its content does not match its SHA-256");
  }
  return { step: header.step, parts };
};

const toHeader = (text: string): Header => {
  const header: unknown = JSON.parse(text);
  if (isJsonObject(header) && Array.isArray(header["parts"])) return header as unknown as Header;
  throw new Error("its header is damaged");
};

const digest = (parts: readonly Uint8Array[]): string => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
};
