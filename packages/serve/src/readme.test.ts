import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const readme = await readFile(join(ROOT, "README.md"), "utf8");

test("the README lists every error code of the source, and no other", async () => {
  const names = await readdir(join(ROOT, "src"), { recursive: true });
  const files = names.filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
  const texts = await Promise.all(files.map((name) => readFile(join(ROOT, "src", name), "utf8")));
  const constants = Array.from(
    texts
      .join("\n")
      .replaceAll(/^ *\*.*$/gm, "")
      .matchAll(/"([A-Z\d]+(?:_[A-Z\d]+)+)"/g),
    toName,
  );
  const codes = constants.filter((name) => !/^(?:SAGEMAKER|BYOC|HPE|ERR)_/.test(name));
  const listed = Array.from(
    readme.matchAll(/^\| `([A-Z\d_]+)` +\| (?:\d{3}|at the start) /gm),
    toName,
  );
  expect(new Set(codes).size).toBeGreaterThan(15);
  expect(listed.toSorted()).toEqual([...new Set(codes)].toSorted());
});

test("the README lists every environment variable of the source", async () => {
  const settings = await readFile(join(ROOT, "src/settings.ts"), "utf8");
  const variables = Array.from(settings.matchAll(/"((?:SAGEMAKER|BYOC)_[A-Z_]+)"/g), toName);
  const listed = Array.from(readme.matchAll(/^\| `((?:SAGEMAKER|BYOC)_[A-Z_]+)` +\|/gm), toName);
  expect(listed.toSorted()).toEqual(variables.toSorted());
});

test("the example of the README runs, and answers what the README shows", async () => {
  const path = join(ROOT, "test/fixtures/example.ts");
  const example = await readFile(path, "utf8");
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);

  const modelDir = await mkdtemp(join(tmpdir(), "serve-example-"));
  await writeFile(join(modelDir, "model.json"), '{"weights": [1, 10]}');
  const server = spawn(process.execPath, [path, modelDir], {
    env: { SAGEMAKER_BIND_TO_PORT: "0", BYOC_HOST: "127.0.0.1" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  for await (const text of server.stdout.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
    output += text;
    if (output.includes("model loaded")) break;
  }
  const [url = ""] = /http:\S+/.exec(output) ?? [];

  const commands = Array.from(
    readme.matchAll(/^\$ curl -H 'Content-Type: (\S+)' \S+ \$?'(.*)' \S+\n((?:[^$`].*\n)+)/gm),
  );
  expect(commands).toHaveLength(3);
  for (const [, type = "", payload = "", shown = ""] of commands) {
    const body = payload.replaceAll(String.raw`\n`, "\n");
    const headers = { "content-type": type };
    const response = await fetch(`${url}/invocations`, { method: "POST", headers, body });
    expect((await response.text()).trim()).toBe(shown.trim());
  }

  server.kill("SIGTERM");
  expect(await once(server, "exit")).toEqual([0, null]);
  await rm(modelDir, { recursive: true });
});

const toName = ([, name = ""]: RegExpMatchArray): string => name;
