import { InputError, quote } from "@byoc/errors";

/** The port on which SageMaker asks, unless it names another. */
export const PORT_VARIABLE = "SAGEMAKER_BIND_TO_PORT";
/** The address to bind; `byoc serve` sets 127.0.0.1. */
export const HOST_VARIABLE = "BYOC_HOST";
/** The largest body of a request in MB (1,048,576 bytes); 0 is no limit. */
export const MAX_PAYLOAD_VARIABLE = "SAGEMAKER_MAX_PAYLOAD_IN_MB";
/** The media type of answers for clients that do not ask for one. */
export const DEFAULT_ACCEPT_VARIABLE = "SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT";

/** What the routes need to know of the environment. */
export interface AppSettings {
  /** The largest body of a request, in bytes; `Infinity` when there is no limit. */
  readonly maxBodyBytes: number;
  /** The media type of answers for clients that do not ask for one; undefined is the type of the request. */
  readonly defaultAccept: string | undefined;
}

/** What the server reads from its environment. */
export interface ServerSettings extends AppSettings {
  readonly host: string;
  /** 0 to 65535; 0 is any free port. */
  readonly port: number;
}

const BYTES_PER_MB = 1024 * 1024;

/** 25 MB, what a real-time endpoint sends at most. */
export const DEFAULT_MAX_BODY_BYTES: number = 25 * BYTES_PER_MB;

/**
 * Reads the server's settings from environment variables; an empty one counts as not set.
 *
 * @throws {InputError} `SETTING_INVALID` names the variable, what it holds and what is allowed.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 */
export const readSettings = (
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ServerSettings => ({
  host: environment[HOST_VARIABLE]?.trim() || "0.0.0.0",
  port: readPort(environment[PORT_VARIABLE]),
  maxBodyBytes: readMaxBodyBytes(environment[MAX_PAYLOAD_VARIABLE]),
  defaultAccept: environment[DEFAULT_ACCEPT_VARIABLE]?.trim().toLowerCase() || undefined,
});

const readPort = (text = ""): number => {
  if (text.trim() === "") return 8080;
  const port = Number(text);
  if (/^\d+$/.test(text.trim()) && port <= 65_535) return port;
  throw new InputError(
    "SETTING_INVALID",
    `${PORT_VARIABLE} is ${quote(text)}; expected a port from 0 to 65535 (0 is any free port)`,
  );
};

const readMaxBodyBytes = (text = ""): number => {
  if (text.trim() === "") return DEFAULT_MAX_BODY_BYTES;
  const megabytes = Number(text);
  if (/^\d+(\.\d+)?$/.test(text.trim())) {
    return megabytes === 0 ? Infinity : Math.floor(megabytes * BYTES_PER_MB);
  }
  throw new InputError(
    "SETTING_INVALID",
    `${MAX_PAYLOAD_VARIABLE} is ${quote(text)}; expected a number of megabytes, 0 for no limit`,
  );
};
