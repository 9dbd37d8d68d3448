import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCopy } from "../testing/copy.ts";
import { run, type RunResult } from "../testing/run.ts";

let copy: Awaited<ReturnType<typeof createCopy>>;
beforeAll(async () => {
  copy = await createCopy();
});
afterAll(() => copy.remove());

const byoc = (...args: string[]): Promise<RunResult> =>
  run(join(copy.dir, "scripts/byoc"), args, { cwd: copy.dir });

test("serve without a model says how to train one", async () => {
  const { exitCode, stderr } = await byoc("serve", "decision-tree", "--port", "0");
  expect(exitCode).toBe(1);
  expect(stderr).toContain("train one first: ./scripts/byoc train decision-tree");
});

test.each(["File", "FastFile", "Pipe"])(
  "train in %s mode leaves a model and says where",
  async (mode) => {
    const result = await byoc(
      "train",
      "decision-tree",
      "--mode",
      mode,
      "--hyperparameter",
      "max_depth=2",
    );
    expect(result.stderr).toBe("");
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toMatch(/validation:accuracy=0\.9/);
    expect(result.stdout).toContain("In .byoc/decision-tree/ml:\n  model        model.json");
    expect(result.stdout).toMatch(/Next: \.\/scripts\/byoc serve decision-tree\n$/);
    await access(join(copy.dir, ".byoc/decision-tree/ml/model/model.json"));
  },
);

test("a channel and hyperparameters from a file take the place of the container's own", async () => {
  await writeFile(join(copy.dir, "rows.csv"), "a,1\nb,2\n".repeat(20));
  await writeFile(join(copy.dir, "settings.json"), '{"max_depth": 1, "seed": "7"}');
  const { exitCode } = await byoc(
    "train",
    "decision-tree",
    "--channel=training=rows.csv",
    "--hyperparameters=settings.json",
    "--hyperparameter=seed=8",
  );
  expect(exitCode).toBe(0);
  const config = join(copy.dir, ".byoc/decision-tree/ml/input/config/hyperparameters.json");
  expect(JSON.parse(await readFile(config, "utf8"))).toEqual({ max_depth: "1", seed: "8" });
});

test("a training that fails shows the failure file and where it is, with the container's exit code", async () => {
  const { exitCode, stderr } = await byoc(
    "train",
    "decision-tree",
    "--hyperparameter",
    "max_dept=2",
  );
  expect(exitCode).toBe(1);
  expect(stderr).toContain("training decision-tree failed (exit code 1)");
  expect(stderr).toMatch(/^\.byoc\/decision-tree\/ml\/output\/failure:\n.*max_dept/m);
});

test("serve says how to ask, predict gets labels, and SIGTERM ends it with 0", async () => {
  await byoc("train", "decision-tree");
  const server = spawn(join(copy.dir, "scripts/byoc"), ["serve", "decision-tree", "--port", "0"], {
    cwd: copy.dir,
  });
  let text = "";
  server.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  const find = (): string | undefined =>
    /predict datasets\/iris\/payload\.csv --port (\d+)/.exec(text)?.[1];
  while (find() === undefined) await once(server.stdout, "data");
  const port = find() ?? "";
  const answer = await byoc("predict", "datasets/iris/payload.csv", "--port", port);
  expect(answer).toMatchObject({ exitCode: 0, stderr: "" });
  expect(answer.stdout.trimEnd().split("\n")).toHaveLength(30);
  const taken = await byoc("serve", "decision-tree", "--port", port);
  expect(taken.exitCode).toBe(1);
  expect(taken.stderr).toContain(`port ${port} is taken by another program`);
  server.kill("SIGTERM");
  expect(await once(server, "close")).toEqual([0, null]);
});

test("quickstart trains, shows tree and answers, and leaves nothing running", async () => {
  const { exitCode, stdout, stderr } = await run(join(copy.dir, "scripts/quickstart"), [], {
    cwd: copy.dir,
    env: { NO_COLOR: "1" },
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toContain("├─ yes: setosa");
  expect(stdout).toMatch(/^ {2}5\.1,3\.5,1\.4,0\.2 {2}setosa/m);
  expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThan(200);
  const port = /127\.0\.0\.1:(\d+)/.exec(stdout)?.[1] ?? "";
  expect((await byoc("predict", "datasets/iris/payload.csv", "--port", port)).stderr).toContain(
    "nobody listens",
  );
});

test("quickstart fails with the container's words and exit code 1", async () => {
  const manifest = join(copy.dir, "containers/decision-tree/package.json");
  const before = await readFile(manifest, "utf8");
  await writeFile(manifest, before.replace("iris.csv", "README.md"));
  const { exitCode, stderr } = await run(process.execPath, [
    join(copy.dir, "scripts/src/quickstart.ts"),
  ]);
  await writeFile(manifest, before);
  expect(exitCode).toBe(1);
  expect(stderr).toContain("quickstart: training failed with exit code 1: ");
});
