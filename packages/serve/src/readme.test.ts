import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const FOLDERS_WITH_CODES = ["formats", "models"];

const read = (path: string): Promise<string> => readFile(join(ROOT, path), "utf8");
const readme = await read("README.md");

/** All sources without tests and comments. */
const readSources = async (): Promise<string> => {
  const names = await readdir(join(ROOT, "src"), { recursive: true });
  const files = names.filter((name) => /(?<!\.test)\.ts$/.test(name) && !name.includes("testing/"));
  const texts = await Promise.all(files.map((name) => read(`src/${name}`)));
  return texts.join("\n").replaceAll(/^ *(?:\*|\/\/|\/\*\*).*$/gm, "");
};
const sources = await readSources();

/** The rows of all tables whose first column has that name: cells without the blanks around them. */
const readRows = (text: string, firstColumn: string): string[][] =>
  Array.from(
    text.matchAll(new RegExp(`^\\| *${firstColumn} .*\n\\|[-: |]+\n((?:\\|.*\n)*)`, "gm")),
  ).flatMap(([, rows = ""]) =>
    rows
      .trim()
      .split("\n")
      .map((row) =>
        row
          .slice(1, -1)
          .split(/(?<!\\)\|/)
          .map((cell) => cell.trim()),
      ),
  );

const toName = (cell = ""): string => cell.replaceAll("`", "");
const constants = new Set(
  Array.from(sources.matchAll(/"([A-Z\d]+(?:_[A-Z\d]+)+)"/g), ([, name]) => toName(name)),
);
const isVariable = (name: string): boolean => /^(?:SAGEMAKER|BYOC|MODEL_SERVER)_/.test(name);
/** What looks like a code, and is Node's or SageMaker's. */
const OTHERS = /^(?:HPE_|ERR_|NODE_|MULTI_RECORD$|MALLOC_)/;

const codeRows = readRows(readme, "code");

test("the README lists every error code of the sources, and no other", () => {
  const thrown = Array.from(sources.matchAll(/Error\(\s*(?:\d+,\s*)?"([A-Z\d_]+)"/g), ([, name]) =>
    toName(name),
  );
  const codes = [...constants].filter((name) => !isVariable(name) && !OTHERS.test(name));
  expect(codes.length).toBeGreaterThan(50);
  const listed = new Set(codeRows.map(([code]) => toName(code)));
  expect([...listed].toSorted()).toEqual([...new Set([...codes, ...thrown])].toSorted());
});

test("each code is listed with the status that it is answered with", () => {
  const thrown = Array.from(
    sources.matchAll(/(?:InvocationError|toErrorAnswer)\(\s*(\d+),[\s{]*(?:code: )?"([A-Z\d_]+)"/g),
    ([, status = "", code = ""]) => `${code} ${status}`,
  );
  const listed = new Set(codeRows.map(([code, status]) => `${toName(code)} ${status}`));
  expect(thrown.length).toBeGreaterThan(25);
  expect(thrown.filter((each) => !listed.has(each))).toEqual([]);

  const asInput = new Set(
    Array.from(sources.matchAll(/InputError\(\s*"([A-Z\d_]+)"/g), ([, code]) => code),
  );
  const others = codeRows.filter(([code]) => asInput.has(toName(code)));
  expect(others.length).toBeGreaterThan(10);
  expect(new Set(others.map(([, status]) => status))).toEqual(new Set(["400", "at the start"]));
});

test.each(FOLDERS_WITH_CODES)("the codes of src/%s are listed here as there", async (folder) => {
  const rows = readRows(await read(`src/${folder}/README.md`), "code");
  expect(rows.length).toBeGreaterThan(5);
  expect(codeRows).toEqual(expect.arrayContaining(rows));
});

test("the README lists every environment variable of the sources, and no other", async () => {
  const variables = [...constants].filter(isVariable);
  const rows = readRows(readme, "variable");
  expect(rows.map(([variable]) => toName(variable)).toSorted()).toEqual(variables.toSorted());
  const observability = readRows(await read("src/observability/README.md"), "variable");
  expect(observability.length).toBeGreaterThan(2);
  expect(rows).toEqual(expect.arrayContaining(observability));
});

test.each(["example", "extended", "in-memory"])(
  "the README shows test/fixtures/%s.ts",
  async (name) => {
    expect(readme).toContain(`\`\`\`ts\n${await read(`test/fixtures/${name}.ts`)}\`\`\``);
  },
);

/** Starts a fixture, and gives what it says until the model is loaded. */
const start = async (name: string, parameters: readonly string[]) => {
  const server = spawn(
    process.execPath,
    [join(ROOT, "test/fixtures", `${name}.ts`), ...parameters],
    {
      env: { ...process.env, SAGEMAKER_BIND_TO_PORT: "0", BYOC_HOST: "127.0.0.1" },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  onTestFinished(async () => {
    if (server.exitCode !== null) return;
    server.kill("SIGKILL");
    await once(server, "exit");
  });
  let output = "";
  for await (const text of server.stdout.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
    output += text;
    if (output.includes("model loaded")) break;
  }
  return { server, output };
};

/** The commands of a `console` block, each with what it prints. */
const readCommands = (block: string): (readonly [string, string])[] =>
  Array.from(block.matchAll(/^\$ (.*)\n((?:[^$].*\n)*)/gm), ([, command = "", shown = ""]) => [
    command,
    shown,
  ]);

const blocks = Array.from(
  readme.matchAll(/^```console\n([\s\S]*?)^```$/gm),
  ([, text = ""]) => text,
);

test.each([
  ["example", blocks[0] ?? "", blocks[1] ?? "", 3],
  ["extended", "", blocks[2] ?? "", 2],
])(
  "%s.ts answers the commands of the README as it shows",
  async (name, starting, asking, count) => {
    const modelDir = await mkdtemp(join(tmpdir(), "serve-example-"));
    onTestFinished(() => rm(modelDir, { recursive: true }));
    await writeFile(join(modelDir, "price.txt"), "3000\n");
    const { server, output } = await start(name, [modelDir]);

    for (const [command, shown] of readCommands(starting)) {
      expect(command).toBe("node example.ts model");
      expect(hideNumbers(output)).toBe(hideNumbers(shown));
    }
    const [url = ""] = /http:\S+/.exec(output) ?? [];
    const commands = readCommands(asking);
    expect(commands).toHaveLength(count);
    for (const [command, shown] of commands) {
      const run = command.replace("localhost:8080", url);
      const { stdout } = await promisify(execFile)("bash", ["-c", run]);
      expect(stdout.trim()).toBe(shown.trim());
    }

    server.kill("SIGTERM");
    expect(await once(server, "exit")).toEqual([0, null]);
  },
);

const hideNumbers = (text: string): string =>
  text.replaceAll(/\d+ ms/g, "<time>").replaceAll(/\d+\.\d+\.\d+\.\d+:\d+/g, "<address>");

test("a test in memory, as the README has it, passes", async () => {
  const path = join(ROOT, "test/fixtures/in-memory.ts");
  expect(await promisify(execFile)(process.execPath, [path])).toEqual({ stdout: "", stderr: "" });
});

test("every shape of JSON in the README is read, and means the same rows", async () => {
  const { decodeJson } = await import("./decoders/json.ts");
  const shapes = readRows(readme, "shape").flatMap(([cell = ""]) =>
    Array.from(cell.matchAll(/`([^`]+)`/g), ([, body = ""]) => body),
  );
  expect(shapes.length).toBeGreaterThan(9);
  for (const body of shapes) {
    const decoder = decodeJson({ columns: 2, names: ["size", "rooms"] }, { maxRows: 9 }, "");
    decoder.push(Buffer.from(body));
    const values = body.includes("55") ? [70, 3, 55, 2] : [70, 3];
    expect(await decoder.finish(), body).toMatchObject({ values: Float64Array.from(values) });
  }
});

test("every link of the README leads somewhere", async () => {
  const links = Array.from(readme.matchAll(/\]\(([^)#]*)(?:#([^)]*))?\)/g));
  for (const [text, path = "", anchor] of links) {
    if (path.startsWith("https:")) continue;
    const target = path === "" ? readme : await read(path).catch(() => "");
    expect(target, text).not.toBe("");
    if (anchor !== undefined) {
      const headings = Array.from(target.matchAll(/^#+ (.*)$/gm), ([, heading = ""]) =>
        heading.toLowerCase().replaceAll(" ", "-"),
      );
      expect(headings, text).toContain(anchor);
    }
  }
});
