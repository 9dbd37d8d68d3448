import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import type { DecoderFactory, DecoderLimits, Format } from "../../format.ts";
import type { InputDeclaration, Rows } from "../../service.ts";

const FIXTURES = join(import.meta.dirname, "../../../test/fixtures/formats");

/** The bytes of a file that NumPy, protobuf or Pillow wrote: `npy/float64.npy`. */
export const readFixture = (path: string): Promise<Buffer> => readFile(join(FIXTURES, path));

/** The Python that has the libraries, if there is one: `BYOC_TEST_PYTHON`, or python3. */
export const PYTHON: string = process.env["BYOC_TEST_PYTHON"] ?? "python3";

/** How a body is decoded. */
export interface DecodeOptions {
  readonly format: Format;
  readonly mediaType: string;
  readonly input: InputDeclaration;
  readonly limits?: DecoderLimits;
  /** The lengths of the chunks in which the body comes, over and over; one chunk unless given. */
  readonly chunkBytes?: readonly number[];
}

/** Pushes a body through the decoder that a container would use, and gives what it holds. */
export const decode = async (
  body: Uint8Array,
  { format, mediaType, input, limits = { maxRows: 1000 }, chunkBytes }: DecodeOptions,
): Promise<Rows> => {
  const factory: DecoderFactory | undefined = format.decoders?.[mediaType];
  if (factory === undefined) throw new Error(`no decoder for ${mediaType}`);
  const decoder = factory(input, limits, mediaType);
  for (let at = 0, turn = 0; at < body.length; turn++) {
    const length = chunkBytes?.[turn % chunkBytes.length] ?? body.length;
    // A copy of its own, as from a socket: a decoder that looks past its chunk is found out.
    decoder.push(new Uint8Array(body.subarray(at, at + length)));
    at += length;
  }
  return decoder.finish();
};

/**
 * Decodes files in chunks of any lengths, and compares what comes with that of one chunk.
 *
 * @returns a file and lengths of chunks that give something else; null when there are none
 */
export const findWrongCut = async (
  names: readonly string[],
  decodeFile: (name: string, options?: Pick<DecodeOptions, "chunkBytes">) => Promise<Rows>,
): Promise<unknown> => {
  const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });
  const property = fc.asyncProperty(fc.constantFrom(...names), cuts, async (name, chunkBytes) =>
    isDeepStrictEqual(await decodeFile(name, { chunkBytes }), await decodeFile(name)),
  );
  return (await fc.check(property)).counterexample;
};
