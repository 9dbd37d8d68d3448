import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadContainer } from "../container.ts";
import { run, type RunResult } from "../testing/run.ts";

// The AWS CLI, as far as the script knows it; it writes down what it is asked.
const AWS = `#!/bin/sh
printf '%s\\n' "$*" >> "$AWS_CALLS"
case "$*" in
  "configure get region") [ -n "$PROFILE_REGION" ] && echo "$PROFILE_REGION" ;;
  "sts get-caller-identity "*) [ -z "$NO_CREDENTIALS" ] && echo 123456789012 || { echo "Unable to locate credentials." >&2; exit 253; } ;;
  "ecr describe-repositories "*) [ -z "$ECR_ERROR" ] || { echo "An error occurred ($ECR_ERROR)" >&2; exit 254; } ;;
  *) echo "not to be called in a dry run" >&2; exit 1 ;;
esac
`;

const { dir } = await loadContainer("decision-tree");
const { version } = JSON.parse(await readFile(join(dir, "package.json"), "utf8")) as {
  version: string;
};
let bin = "";

beforeAll(async () => {
  bin = await mkdtemp(join(tmpdir(), "byoc-aws-"));
  await writeFile(join(bin, "aws"), AWS);
  await chmod(join(bin, "aws"), 0o755);
});
afterAll(() => rm(bin, { recursive: true }));

const push = async (
  environment: NodeJS.ProcessEnv,
  args: readonly string[] = ["--dry-run"],
): Promise<RunResult & { calls: string[] }> => {
  const callsFile = join(bin, "calls");
  await writeFile(callsFile, "");
  const env = {
    PATH: `${bin}:/usr/bin:/bin`,
    AWS_CALLS: callsFile,
    AWS_REGION: "",
    AWS_DEFAULT_REGION: "",
    NODE_IMAGE: "",
    ...environment,
  };
  const result = await run("bash", [join(dir, "build_and_push.sh"), ...args], { env });
  return { ...result, calls: (await readFile(callsFile, "utf8")).trimEnd().split("\n") };
};

describe("build_and_push.sh --dry-run", () => {
  test("prints every step and the image URI, and only reads from AWS", async () => {
    const registry = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
    const image = `${registry}/sagemaker-decision-tree`;
    const { exitCode, stdout, stderr, calls } = await push({ AWS_REGION: "eu-central-1" });
    expect(stderr.trimEnd().split("\n")).toEqual([
      `+ docker build --platform linux/amd64 --file ${dir}/Dockerfile --tag ${image}:${version} --tag ${image}:latest ${dir}/../..`,
      `+ aws ecr get-login-password | docker login --username AWS --password-stdin ${registry}`,
      `+ docker push ${image}:${version}`,
      `+ docker push ${image}:latest`,
    ]);
    expect(stdout).toBe(`${image}:${version}\n`);
    expect(exitCode).toBe(0);
    expect(calls).toEqual([
      "sts get-caller-identity --query Account --output text",
      "ecr describe-repositories --repository-names sagemaker-decision-tree",
    ]);
  });

  test("says that it would create a repository that is missing", async () => {
    const { exitCode, stderr } = await push({
      AWS_REGION: "us-east-1",
      ECR_ERROR: "RepositoryNotFoundException",
    });
    expect(stderr).toContain(
      "+ aws ecr create-repository --repository-name sagemaker-decision-tree\n",
    );
    expect(exitCode).toBe(0);
  });

  test.each([
    [{ AWS_REGION: "us-west-2", AWS_DEFAULT_REGION: "us-east-1" }, "us-west-2.amazonaws.com/"],
    [{ AWS_DEFAULT_REGION: "us-east-1", PROFILE_REGION: "eu-west-1" }, "us-east-1.amazonaws.com/"],
    [{ PROFILE_REGION: "us-gov-west-1" }, "us-gov-west-1.amazonaws.com/"],
    [{ AWS_REGION: "cn-north-1" }, "cn-north-1.amazonaws.com.cn/"],
  ])("with %o it pushes to %s", async (environment, registry) => {
    const { stdout } = await push(environment);
    expect(stdout).toContain(`123456789012.dkr.ecr.${registry}`);
  });

  test("hands another base image and further flags to docker build", async () => {
    const { stderr } = await push({ AWS_REGION: "us-east-1", NODE_IMAGE: "node:24" }, [
      "--dry-run",
      "--",
      "--network",
      "sagemaker",
    ]);
    expect(stderr).toMatch(/--build-arg NODE_IMAGE=node:24 --network sagemaker \S+\/\.\.\/\.\.\n/);
  });

  test.each([
    [{}, "No region: set AWS_REGION"],
    [{ AWS_REGION: "us-east-1", NO_CREDENTIALS: "1" }, "AWS takes no credentials from here"],
    [{ AWS_REGION: "us-east-1", ECR_ERROR: "AccessDeniedException" }, "(AccessDeniedException)"],
  ])("with %o it says %s", async (environment, message) => {
    const { exitCode, stderr } = await push(environment);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(1);
  });
});

test("says where to get the AWS CLI when it is missing", async () => {
  const path = join(bin, "without-aws");
  await mkdir(path);
  for (const tool of ["bash", "dirname", "sed"]) {
    const { stdout } = await run("bash", ["-c", `command -v ${tool}`]);
    await symlink(stdout.trim(), join(path, tool));
  }
  const { exitCode, stderr } = await push({ PATH: path });
  expect(stderr).toMatch(/^The AWS CLI is missing: https:\/\/docs\.aws\.amazon\.com\//);
  expect(exitCode).toBe(1);
});

test("an unknown argument is answered with the usage", async () => {
  const { exitCode, stderr } = await push({}, ["--dryrun"]);
  expect(stderr).toMatch(/^unknown: --dryrun\nusage: /);
  expect(exitCode).toBe(2);
});
