import type { Batching } from "../service.ts";

/** The bounds of a batch, with every default filled in. */
export interface BatchLimits {
  /** The most rows of one call, from 1; a request of more rows goes alone. */
  readonly maxRows: number;
  /** The most bytes of decoded rows of one call; a request of more goes alone. */
  readonly maxBytes: number;
  /** The longest that requests wait for others while the model could compute, in milliseconds. */
  readonly maxDelayMs: number;
}

/** 64 MiB of decoded rows in one call. */
export const DEFAULT_MAX_BATCH_BYTES: number = 64 * 1024 * 1024;
/** 2 ms, what a client on the same network needs to come back with its next request. */
export const DEFAULT_MAX_DELAY_MS = 2;

/**
 * Checks what a container declares, and fills in the defaults.
 *
 * @throws {RangeError} names the member, what it holds and what is allowed.
 */
export const toBatchLimits = ({
  maxRows,
  maxBytes = DEFAULT_MAX_BATCH_BYTES,
  maxDelayMs = DEFAULT_MAX_DELAY_MS,
}: Batching): BatchLimits => {
  if (!Number.isInteger(maxRows) || maxRows < 1) {
    throw new RangeError(`batching.maxRows is ${maxRows}; expected a whole number from 1`);
  }
  if (!(maxBytes >= 1)) {
    throw new RangeError(`batching.maxBytes is ${maxBytes}; expected a number of bytes from 1`);
  }
  if (!(maxDelayMs >= 0 && maxDelayMs <= 60_000)) {
    throw new RangeError(`batching.maxDelayMs is ${maxDelayMs}; expected 0 to 60000 milliseconds`);
  }
  return { maxRows, maxBytes, maxDelayMs };
};
