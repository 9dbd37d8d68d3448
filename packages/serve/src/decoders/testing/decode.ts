import { isInputError } from "@byoc/errors";
import type { DecoderFactory } from "../../format.ts";
import { isInvocationError } from "../../invocation-error.ts";
import type { FeatureInput, Rows } from "../../service.ts";

/** Bytes cut into chunks at these places, in any order; each chunk is a copy of its own. */
export const cutAt = (bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] => {
  const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => Uint8Array.from(bytes.subarray(places[index], end)));
};

/** What a test may say beside the body. */
export interface DecodeOptions extends Partial<FeatureInput> {
  readonly maxRows?: number;
  readonly cuts?: readonly number[];
}

/** Decodes a body with two columns unless said otherwise. */
export const decode = async (
  factory: DecoderFactory,
  body: string | Uint8Array,
  { maxRows = 1_000_000, cuts = [], ...input }: DecodeOptions = {},
): Promise<Rows> => {
  const decoder = factory({ columns: 2, ...input }, { maxRows }, "application/x");
  for (const chunk of cutAt(Buffer.from(body), cuts)) decoder.push(chunk);
  return decoder.finish();
};

/** A matrix bit by bit, or what was wrong and where. */
export type Outcome =
  | { readonly rows: number; readonly columns: number; readonly bits: string }
  | {
      readonly code: string;
      readonly row?: number | undefined;
      readonly column?: number | undefined;
    };

/** What decoding ends with; only a bug throws. */
export const describeOutcome = async (decoding: () => Promise<Rows>): Promise<Outcome> => {
  try {
    const decoded = await decoding();
    if (!("values" in decoded)) throw new Error("expected a matrix");
    return toOutcome(decoded.values, decoded);
  } catch (error) {
    if (!isInputError(error) && !isInvocationError(error)) throw error;
    return { code: error.code, row: error.row, column: error.column };
  }
};

/** Values bit by bit. */
export const toOutcome = (
  values: Float64Array,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): Outcome => {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return { rows, columns, bits: bytes.toString("hex") };
};
