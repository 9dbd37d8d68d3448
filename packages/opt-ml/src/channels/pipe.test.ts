import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { collect, failureOf, readBytes } from "../../test/support.ts";
import { createPipeReader } from "./pipe-channel.ts";
import { readPipe, readPipeTimeoutMs } from "./pipe.ts";

let inputDataDir = "";
const writers: ChildProcess[] = [];

beforeEach(() => {
  inputDataDir = mkdtempSync(path.join(tmpdir(), "pipe-"));
});

afterEach(() => {
  for (const writer of writers.splice(0)) writer.kill("SIGKILL");
  rmSync(inputDataDir, { recursive: true, force: true });
});

const makePipe = (name: string): string => {
  const file = path.join(inputDataDir, name);
  execFileSync("mkfifo", [file]);
  return file;
};

/** Runs a shell command in the folder of the pipes, as the platform's own process would write into them. */
const write = (command: string): ChildProcess => {
  const writer = spawn("bash", ["-c", command], { cwd: inputDataDir, stdio: "ignore" });
  writers.push(writer);
  return writer;
};

const read = (name: string, timeoutMs = 20_000): AsyncGenerator<Uint8Array> =>
  readPipe({ file: path.join(inputDataDir, name), channel: "training", timeoutMs });

const readText = async (name: string): Promise<string> => (await readBytes(read(name))).toString();

describe("a pipe", () => {
  test("is read to its end", async () => {
    makePipe("training_0");
    write("printf 'setosa,1\\n' > training_0");
    expect(await readText("training_0")).toBe("setosa,1\n");
  });

  test("is waited for when it appears late, and its writer later still", async () => {
    const text = readText("training_0");
    await sleep(300);
    makePipe("training_0");
    await sleep(300);
    write("printf late > training_0");
    expect(await text).toBe("late");
  });

  test("whose writer closes without a byte is empty", async () => {
    makePipe("training_0");
    const text = readText("training_0");
    await sleep(200);
    write(": > training_0");
    expect(await text).toBe("");
  });

  test("keeps what a slow writer sends in pieces", async () => {
    makePipe("training_0");
    write("for i in 1 2 3; do printf $i; sleep 0.2; done > training_0");
    expect(await readText("training_0")).toBe("123");
  });

  test("carries 50 MB intact to a reader that is slower than its writer", async () => {
    makePipe("training_0");
    const writer = write("head -c 50000000 /dev/urandom | tee training_0 | sha256sum > sum");
    const exit = once(writer, "exit");
    const hash = createHash("sha256");
    let bytes = 0;
    let pauses = 0;
    for await (const chunk of read("training_0")) {
      hash.update(chunk);
      bytes += chunk.byteLength;
      if (bytes / 5_000_000 > pauses) {
        pauses += 1;
        await sleep(20);
      }
    }
    expect(bytes).toBe(50_000_000);
    await exit;
    const sum = await readFile(path.join(inputDataDir, "sum"), "utf8");
    expect(`${hash.digest("hex")}  -\n`).toBe(sum);
  });

  test("that its reader leaves early lets its writer go", async () => {
    makePipe("training_0");
    const writer = write("exec cat /dev/zero > training_0");
    const exit = once(writer, "exit");
    for await (const chunk of read("training_0")) {
      expect(chunk.byteLength).toBeGreaterThan(0);
      break;
    }
    expect(await exit).toEqual([null, "SIGPIPE"]);
  });

  test("does not hold up the reading of files, however many of them wait", async () => {
    const names = Array.from({ length: 12 }, (_, index) => `channel${index}_0`);
    for (const name of names) makePipe(name);
    const texts = names.map(readText);
    await sleep(100);
    const start = performance.now();
    expect(await readFile(import.meta.filename, "utf8")).toContain("however many of them wait");
    expect(performance.now() - start).toBeLessThan(5_000);
    for (const name of names.toReversed()) write(`printf ${name} > ${name}`);
    expect(await Promise.all(texts)).toEqual(names);
  });
});

describe("the wait for a pipe", () => {
  test("ends with the channel's name when the pipe does not appear", async () => {
    expect(await failureOf(() => collect(read("training_0", 200)))).toMatch(
      /^PIPE_TIMEOUT channel training: the pipe .*training_0 did not appear within 0\.2 s \(BYOC_PIPE_TIMEOUT_S\)/u,
    );
  });

  test("ends when nobody writes", async () => {
    makePipe("training_0");
    expect(await failureOf(() => collect(read("training_0", 200)))).toMatch(
      /^PIPE_TIMEOUT channel training: .*sent nothing within 0\.2 s/u,
    );
  });

  test("ends when a writer stalls, and begins anew with each piece", async () => {
    makePipe("training_0");
    write("{ for i in 1 2 3 4; do printf $i; sleep 0.4; done; sleep 20; } > training_0");
    const received: string[] = [];
    const failure = await failureOf(async () => {
      for await (const chunk of read("training_0", 3_000)) {
        received.push(Buffer.from(chunk).toString());
      }
    });
    expect(failure).toContain("sent nothing within 3 s");
    expect(received.join("")).toBe("1234");
  });

  test("does not count the time that the reader takes", async () => {
    makePipe("training_0");
    write("printf 1 > training_0; printf 2 > other");
    for await (const chunk of read("training_0", 3_000)) {
      expect(chunk.byteLength).toBe(1);
      await sleep(3_500);
    }
  });

  test("is over at once when something else has the pipe's name", async () => {
    writeFileSync(path.join(inputDataDir, "training_0"), "setosa,1\n");
    expect(await failureOf(() => collect(read("training_0")))).toMatch(
      /^PIPE_NOT_A_FIFO channel training: .*training_0 is no named pipe/u,
    );
  });

  test("is 120 s, or what BYOC_PIPE_TIMEOUT_S says", () => {
    expect(readPipeTimeoutMs({})).toBe(120_000);
    expect(readPipeTimeoutMs({ BYOC_PIPE_TIMEOUT_S: "" })).toBe(120_000);
    expect(readPipeTimeoutMs({ BYOC_PIPE_TIMEOUT_S: "0.5" })).toBe(500);
  });

  test.each(["0", "-1", "ten", "1h", "Infinity", "NaN", "86401", " "])(
    "cannot be %j seconds",
    async (text) => {
      expect(await failureOf(() => readPipeTimeoutMs({ BYOC_PIPE_TIMEOUT_S: text }))).toMatch(
        /^ENVIRONMENT BYOC_PIPE_TIMEOUT_S must be a number of seconds/u,
      );
    },
  );
});

describe("a channel in Pipe mode", () => {
  const open = (isRecordIo = false) =>
    createPipeReader({ inputDataDir, channel: "training", isRecordIo });

  /** Makes the next pipe when the one before has been read, as SageMaker does. */
  const EPOCHS = "for i in 0 1 2; do mkfifo training_$i; printf epoch$i > training_$i; done";

  test("gives the pipe of the next epoch each time it is asked", async () => {
    const sources = open();
    write(EPOCHS);
    for (const epoch of [0, 1, 2]) {
      const texts: string[] = [];
      for await (const source of sources()) {
        texts.push(`${source.name}: ${(await readBytes(source.stream())).toString()}`);
      }
      expect(texts).toEqual([`training_${epoch}: epoch${epoch}`]);
    }
  });

  test("counts an epoch when it is begun, not when it is asked for", async () => {
    makePipe("training_0");
    write("printf first > training_0");
    const sources = open();
    sources();
    const [source] = await collect(sources());
    expect(source?.name).toBe("training_0");
  });

  test("goes on with the next epoch after one that was left early", async () => {
    const sources = open();
    write(
      `mkfifo training_0; cat /dev/zero > training_0; mkfifo training_1; printf b > training_1`,
    );
    for await (const source of sources()) {
      for await (const chunk of source.stream()) {
        expect(chunk.byteLength).toBeGreaterThan(0);
        break;
      }
    }
    for await (const source of sources()) {
      expect(source.name).toBe("training_1");
      expect((await readBytes(source.stream())).toString()).toBe("b");
    }
  });

  test("gives a source for each RecordIO record, and an early end lets the writer go", async () => {
    const record = Buffer.from("0a23d7ce0400000061626364", "hex");
    writeFileSync(path.join(inputDataDir, "records"), Buffer.concat([record, record, record]));
    makePipe("training_0");
    makePipe("training_1");
    write("cat records > training_0");
    const sources = open(true);
    const texts: string[] = [];
    for await (const source of sources()) {
      texts.push(`${source.name}: ${(await readBytes(source.stream())).toString()}`);
    }
    expect(texts).toEqual([1, 2, 3].map((of) => `training_0, record ${of}: abcd`));

    const exit = once(write("exec > training_1; while cat records; do :; done"), "exit");
    for await (const source of sources()) {
      expect(source.name).toBe("training_1, record 1");
      break;
    }
    await exit;
  });
});
