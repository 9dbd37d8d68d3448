import { log } from "@byoc/metrics";
import { readLogLevel } from "./log-level.ts";

/** What is said of one request; nothing of what it holds. */
export interface RequestLogEntry {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
  /** The rows that were predicted; 0 for an error. */
  readonly rows: number;
  /** The bytes of the request's body, as they came. */
  readonly bytes: number;
  /** The client's `X-Amzn-SageMaker-Inference-Id`. */
  readonly inferenceId?: string | undefined;
}

/** Takes one request that has been answered. */
export type RequestLog = (entry: RequestLogEntry) => void;

/** SageMaker asks for it every few seconds, and nobody reads it. */
const PING_PATH = "/ping";

/**
 * The log of requests, one line of JSON on stdout for each but /ping; undefined unless the level is debug, so that the
 * hot path asks once whether there is one.
 *
 * @param write Takes each line, without its line break, in place of stdout.
 * @throws {InputError} `SETTING_INVALID` for a level that does not exist.
 * @example
 * const logRequest = createRequestLog(process.env);
 * logRequest?.({ method: "POST", path: "/invocations", status: 200, durationMs: 0.4, rows: 1, bytes: 16 });
 */
export const createRequestLog = (
  environment: Readonly<Record<string, string | undefined>> = process.env,
  { write = log.info }: { readonly write?: (line: string) => void } = {},
): RequestLog | undefined => {
  if (readLogLevel(environment) !== "debug") return undefined;
  return ({ method, path, status, durationMs, rows, bytes, inferenceId }) => {
    if (path === PING_PATH) return;
    const roundedMs = Math.round(durationMs * 1000) / 1000;
    const time = new Date().toISOString();
    const entry = { method, path, status, durationMs: roundedMs, rows, bytes, inferenceId };
    write(JSON.stringify({ level: "debug", time, message: "request", ...entry }));
  };
};
