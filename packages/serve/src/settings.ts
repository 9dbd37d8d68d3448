import { InputError, quote } from "@byoc/errors";

/** The environment variables of the server, by what they decide. */
export const VARIABLES = {
  /** The port on which SageMaker asks, unless it names another. */
  port: "SAGEMAKER_BIND_TO_PORT",
  /** The address to bind; `byoc serve` sets 127.0.0.1. */
  host: "BYOC_HOST",
  /** The largest body of a request in MB (1,048,576 bytes); 0 is bounded by memory only. */
  maxPayload: "SAGEMAKER_MAX_PAYLOAD_IN_MB",
  /** The media type of answers for clients that do not ask for one. */
  defaultAccept: "SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT",
  /** The number of workers, from 1. */
  workers: "SAGEMAKER_MODEL_SERVER_WORKERS",
  /** The same, as the AWS sample calls it. */
  sampleWorkers: "MODEL_SERVER_WORKERS",
  /** The time for a prediction in seconds. */
  timeout: "SAGEMAKER_MODEL_SERVER_TIMEOUT",
  /** The same, as the AWS sample calls it. */
  sampleTimeout: "MODEL_SERVER_TIMEOUT",
  /** Set by batch transform jobs. */
  batch: "SAGEMAKER_BATCH",
  /** Set by multi-model endpoints. */
  multiModel: "SAGEMAKER_MULTI_MODEL",
  /** The most requests that wait for a prediction. */
  maxWaiting: "BYOC_MAX_WAITING_REQUESTS",
  /** The most rows of a request. */
  maxRows: "BYOC_MAX_ROWS",
} as const;

/** What the routes need to know of the environment. */
export interface AppSettings {
  /** The largest body of a request, in bytes; `Infinity` when memory alone bounds it. */
  readonly maxBodyBytes: number;
  /** The most rows of a request. */
  readonly maxRows: number;
  /** The media type of answers for clients that do not ask for one; undefined is the type of the request. */
  readonly defaultAccept: string | undefined;
  /** The most requests in a process that are being read or predicted; more are answered with 503. */
  readonly maxWaiting: number;
  /** The time from the last byte of a request to the first of its answer, in milliseconds. */
  readonly predictTimeoutMs: number;
  /** The time for a streamed answer, in milliseconds. */
  readonly streamTimeoutMs: number;
}

/** What the server reads from its environment. */
export interface ServerSettings extends AppSettings {
  readonly host: string;
  /** 0 to 65535; 0 is any free port. */
  readonly port: number;
  /** The number of workers that the environment asks for; undefined leaves it to the container. */
  readonly workers: number | undefined;
  /** A batch transform job: larger bodies, more time. */
  readonly isBatch: boolean;
  /** A multi-model endpoint: models come and go under /models. */
  readonly isMultiModel: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

const BYTES_PER_MB = 1024 * 1024;

/** What holds where nothing is said: a real-time endpoint sends 25 MB at most and waits 60 s. */
export const DEFAULT_APP_SETTINGS: AppSettings = {
  maxBodyBytes: 25 * BYTES_PER_MB,
  maxRows: 10_000_000,
  defaultAccept: undefined,
  maxWaiting: 1024,
  predictTimeoutMs: 60_000,
  streamTimeoutMs: 480_000,
};

/** What a batch transform job sends and waits at most. */
const BATCH_MAX_BODY_BYTES = 100 * BYTES_PER_MB;
const BATCH_TIMEOUT_MS = 600_000;

/**
 * Reads the server's settings from environment variables; an empty one counts as not set.
 *
 * @throws {InputError} `SETTING_INVALID` names the variable, what it holds and what is allowed.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 */
export const readSettings = (environment: Environment = process.env): ServerSettings => {
  const isBatch = readFlag(environment, VARIABLES.batch);
  const defaultTimeoutMs = isBatch ? BATCH_TIMEOUT_MS : DEFAULT_APP_SETTINGS.predictTimeoutMs;
  const timeoutMs = readTimeoutMs(environment);
  return {
    host: read(environment, VARIABLES.host) ?? "0.0.0.0",
    port: readPort(environment),
    workers:
      readCount(environment, VARIABLES.workers) ?? readCount(environment, VARIABLES.sampleWorkers),
    maxBodyBytes: readMaxBodyBytes(environment, isBatch),
    maxRows: readCount(environment, VARIABLES.maxRows) ?? DEFAULT_APP_SETTINGS.maxRows,
    maxWaiting: readCount(environment, VARIABLES.maxWaiting) ?? DEFAULT_APP_SETTINGS.maxWaiting,
    defaultAccept: read(environment, VARIABLES.defaultAccept)?.toLowerCase(),
    predictTimeoutMs: timeoutMs ?? defaultTimeoutMs,
    streamTimeoutMs: Math.max(timeoutMs ?? 0, DEFAULT_APP_SETTINGS.streamTimeoutMs),
    isBatch,
    isMultiModel: readFlag(environment, VARIABLES.multiModel),
  };
};

const read = (environment: Environment, variable: string): string | undefined =>
  environment[variable]?.trim() || undefined;

/** SageMaker says `true`, its Python SDK's local mode `True`. */
const readFlag = (environment: Environment, variable: string): boolean =>
  ["true", "1"].includes((read(environment, variable) ?? "").toLowerCase());

const readPort = (environment: Environment): number => {
  const text = read(environment, VARIABLES.port) ?? "8080";
  if (/^\d+$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw invalid(VARIABLES.port, text, "a port from 0 to 65535 (0 is any free port)");
};

const readCount = (environment: Environment, variable: string): number | undefined => {
  const text = read(environment, variable);
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw invalid(variable, text, "a whole number from 1");
};

const MAX_TIMEOUT_S = 86_400;

const readTimeoutMs = (environment: Environment): number | undefined => {
  for (const variable of [VARIABLES.timeout, VARIABLES.sampleTimeout]) {
    const text = read(environment, variable);
    if (text === undefined) continue;
    const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
    if (seconds > 0 && seconds <= MAX_TIMEOUT_S) return seconds * 1000;
    throw invalid(variable, text, `a number of seconds above 0 and up to ${MAX_TIMEOUT_S}`);
  }
  return undefined;
};

const readMaxBodyBytes = (environment: Environment, isBatch: boolean): number => {
  const text = read(environment, VARIABLES.maxPayload);
  if (text === undefined) {
    return isBatch ? BATCH_MAX_BODY_BYTES : DEFAULT_APP_SETTINGS.maxBodyBytes;
  }
  if (!/^\d+(\.\d+)?$/.test(text)) {
    throw invalid(VARIABLES.maxPayload, text, "a number of megabytes, 0 for no limit but memory");
  }
  return Number(text) === 0 ? Infinity : Math.floor(Number(text) * BYTES_PER_MB);
};

const invalid = (variable: string, text: string, expected: string): InputError =>
  new InputError("SETTING_INVALID", `${variable} is ${quote(text)}; expected ${expected}`);
