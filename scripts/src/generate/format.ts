import { execFile } from "node:child_process";
import { join } from "node:path";
import { repositoryDir } from "../repository.ts";

/** JSON as the formatter of this repository lays it out. */
export const formatJson = (value: unknown): Promise<string> =>
  formatText("generated.json", JSON.stringify(value));

/** Markdown as the formatter of this repository lays it out, tables aligned. */
export const formatMarkdown = (text: string): Promise<string> => formatText("generated.md", text);

const formatText = (name: string, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const program = join(repositoryDir, "node_modules/.bin/oxfmt");
    const child = execFile(
      program,
      [`--stdin-filepath=${name}`],
      { cwd: repositoryDir },
      (error, stdout) => (error === null ? resolve(stdout) : reject(error)),
    );
    child.stdin?.end(text);
  });
