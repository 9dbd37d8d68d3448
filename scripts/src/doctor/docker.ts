import type { Finding } from "./finding.ts";
import { runTool } from "./run-tool.ts";

/** Docker, which builds and runs images; training and serving here do without. */
export const checkDocker = async (): Promise<Finding> => {
  const subject = "Docker";
  const format = "{{.Client.Version}} {{.Server.Version}} {{.Server.Os}}/{{.Server.Arch}}";
  const result = await runTool("docker", ["version", "--format", format]);
  if (!("problem" in result)) {
    const [client, engine, platform] = result.stdout.split(" ");
    const found = `client ${client}, engine ${engine} on ${platform}`;
    return platform?.endsWith("/arm64") === true
      ? {
          level: "warn",
          subject,
          found,
          mend: "SageMaker runs linux/amd64: build images with --platform linux/amd64",
        }
      : { level: "ok", subject, found };
  }
  if (result.isMissing) {
    const mend = "only images need it: https://docs.docker.com/get-started/get-docker/";
    return { level: "warn", subject, found: "not installed", mend };
  }
  const mend = "only images need it: start Docker Desktop, or the docker service";
  return { level: "warn", subject, found: "installed, but no engine answers", mend };
};
