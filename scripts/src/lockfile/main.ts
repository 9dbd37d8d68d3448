/** `npm run lockfile`: adds what npm left out of package-lock.json, because the registry did not offer it here. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { repositoryDir } from "../repository.ts";
import { completeLockfile, findMissingEntries } from "./complete-lockfile.ts";
import type { Lockfile } from "./types.ts";

const file = join(repositoryDir, "package-lock.json");
const lockfile = JSON.parse(await readFile(file, "utf8")) as Lockfile;
const missing = findMissingEntries(lockfile);
for (const { path, version } of missing) process.stdout.write(`added ${path} ${version}\n`);
if (missing.length > 0) {
  await writeFile(file, `${JSON.stringify(completeLockfile(lockfile), undefined, 2)}\n`);
}
process.stdout.write(`package-lock.json: ${missing.length} entries added\n`);
