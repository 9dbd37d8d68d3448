import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { log } from "@byoc/metrics";
import { listContainers, repositoryDir } from "../repository.ts";
import { generateFiles } from "./generate.ts";
import { generateImportLaw } from "./import-law.ts";

const containers = await listContainers();
const files = await Promise.all(
  containers.map((name) => generateFiles(join(repositoryDir, "containers", name))),
);
for (const { file, content, isCurrent } of [...files.flat(), await generateImportLaw()]) {
  if (!isCurrent) writeFileSync(file, content);
  log.info(`${isCurrent ? "unchanged" : "written  "} ${relative(repositoryDir, file)}`);
}
