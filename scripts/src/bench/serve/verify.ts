import { readFile } from "node:fs/promises";
import { CommandError } from "../../cli/command-error.ts";
import type { Payload } from "./prepare.ts";
import type { RunningContender } from "./running.ts";

/**
 * Sends every payload once and compares every label.
 *
 * @throws {CommandError} names the first row that differs.
 */
export const verifyLabels = async (
  running: RunningContender,
  payloads: readonly Payload[],
): Promise<void> => {
  const { contender, url, bodyFile } = running;
  const { path, contentType, decode } = contender.protocol;
  for (const payload of payloads) {
    const response = await fetch(`${url}${path}`, {
      method: "POST",
      headers: { "content-type": contentType },
      body: await readFile(bodyFile(payload)),
    });
    const body = await response.text();
    const where = `${contender.id}, ${payload.rows} rows`;
    if (response.status !== 200) {
      throw new CommandError(`${where}: status ${response.status}: ${body.slice(0, 200)}`);
    }
    const labels = decode(body);
    if (labels === undefined) continue;
    const { labels: expected } = payload;
    const row = expected.findIndex((label, index) => labels[index] !== label);
    if (row >= 0 || labels.length !== expected.length) {
      throw new CommandError(
        `${where}: ${labels.length} labels; row ${row + 1} is ${labels[row]}, expected ${expected[row]}`,
      );
    }
  }
};
