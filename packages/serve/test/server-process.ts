import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";

/** A fixture as its own process, as SageMaker runs a container. */
export class ServerProcess {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  stdout = "";
  stderr = "";

  constructor(fixture: string, environment: Readonly<Record<string, string>> = {}) {
    this.child = spawn(process.execPath, [join(import.meta.dirname, "fixtures", fixture)], {
      env: {
        ...process.env,
        SAGEMAKER_BIND_TO_PORT: "0",
        BYOC_HOST: "127.0.0.1",
        BYOC_EMBEDDED_METRICS: "off",
        ...environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child.stdout.setEncoding("utf8").on("data", (text: string) => (this.stdout += text));
    this.child.stderr.setEncoding("utf8").on("data", (text: string) => (this.stderr += text));
  }

  /** What stdout or stderr says, as soon as it says it. */
  async waitFor(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.stdout) ?? pattern.exec(this.stderr);
      if (match !== null) return match;
      const { stdout, stderr } = this.child;
      await Promise.race([once(stdout, "data"), once(stderr, "data")]);
    }
  }

  async url(): Promise<string> {
    const [, url = ""] = await this.waitFor(/^listening on (http:\/\/127\.0\.0\.1:\d+)$/m);
    return url;
  }

  /** The address, once it can predict. */
  async readyUrl(): Promise<string> {
    await this.waitFor(/^model loaded in \d+ ms$/m);
    return this.url();
  }

  /** The processes that it has started and that live. */
  workerIds(): readonly number[] {
    const { pid } = this.child;
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return text === "" ? [] : text.split(" ").map(Number);
  }

  /** The exit code, or the signal that ended it. */
  async exit(): Promise<number | string | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await once(this.child, "close");
    }
    return this.child.exitCode ?? this.child.signalCode;
  }
}
