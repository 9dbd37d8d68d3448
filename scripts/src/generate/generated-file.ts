import { existsSync, readFileSync } from "node:fs";

/** A file that follows from other ones, and what it ought to say. */
export interface GeneratedFile {
  /** Absolute. */
  readonly file: string;
  readonly content: string;
  /** Whether the file says so already. */
  readonly isCurrent: boolean;
}

/** Compares a file with what it ought to say. */
export const toGeneratedFile = (file: string, content: string): GeneratedFile => ({
  file,
  content,
  isCurrent: existsSync(file) && readFileSync(file, "utf8") === content,
});
