import { access } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Finding } from "./finding.ts";

/** Whether AWS credentials seem to be there; nothing on this machine needs them, and none are read. */
export const checkAwsCredentials = async (): Promise<Finding> => {
  const { AWS_ACCESS_KEY_ID, AWS_PROFILE, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI } = process.env;
  const inEnvironment = [
    AWS_ACCESS_KEY_ID,
    AWS_PROFILE,
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI,
  ].some((value) => value !== undefined && value !== "");
  const file = process.env["AWS_SHARED_CREDENTIALS_FILE"] ?? join(homedir(), ".aws/credentials");
  const inFile = await access(file).then(
    () => true,
    () => false,
  );
  const place = inEnvironment ? "in the environment" : inFile ? `in ${file}` : "none";
  return {
    level: "ok",
    subject: "AWS credentials",
    found: `${place}; not needed until an image is pushed`,
  };
};
