import { createGunzip } from "node:zlib";
import { InputError } from "@byoc/errors";
import type { Decoder } from "../format.ts";
import { InvocationError } from "../invocation-error.ts";
import type { Rows } from "../service.ts";

/**
 * Inflates a body on its way into a decoder, and stops when it grows beyond the limit.
 *
 * @param maxBytes The most bytes after inflating.
 * @throws InputError BODY_NOT_GZIP (400), InvocationError BODY_INFLATES_TOO_FAR (413), from `finish`
 * @see https://www.rfc-editor.org/rfc/rfc1952
 */
export const inflateInto = (decoder: Decoder, maxBytes: number): Decoder => {
  const gunzip = createGunzip();
  let inflated = 0;
  const ended = new Promise<void>((resolve, reject) => {
    gunzip.on("data", (chunk: Uint8Array) => {
      inflated += chunk.byteLength;
      try {
        if (inflated > maxBytes) throw inflatesTooFar(maxBytes);
        decoder.push(chunk);
      } catch (error) {
        gunzip.destroy();
        reject(error as Error);
      }
    });
    gunzip.once("end", resolve);
    gunzip.once("error", (cause) => {
      const problem = `the body is not what its Content-Encoding gzip says: ${cause.message}`;
      reject(new InputError("BODY_NOT_GZIP", problem, { cause }));
    });
  });
  // Looked at in finish(); until then nobody may call it unhandled.
  ended.catch(() => {});
  return {
    push(chunk) {
      if (!gunzip.destroyed) gunzip.write(chunk);
    },
    async finish(): Promise<Rows> {
      if (!gunzip.destroyed) gunzip.end();
      await ended;
      return decoder.finish();
    },
  };
};

const inflatesTooFar = (maxBytes: number): InvocationError =>
  new InvocationError(
    413,
    "BODY_INFLATES_TOO_FAR",
    `the body inflates to more than the ${maxBytes} bytes that this container takes; send fewer rows at a time`,
  );
