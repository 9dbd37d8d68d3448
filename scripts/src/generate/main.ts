import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { log } from "@byoc/metrics";
import { listContainers, repositoryDir } from "../repository.ts";
import { generateFiles } from "./generate.ts";

for (const name of await listContainers()) {
  for (const { file, content, isCurrent } of await generateFiles(
    join(repositoryDir, "containers", name),
  )) {
    if (!isCurrent) writeFileSync(file, content);
    log.info(`${isCurrent ? "unchanged" : "written  "} ${relative(repositoryDir, file)}`);
  }
}
