import { InputError } from "@byoc/errors";
import { requireFeatures } from "../../decoders/problems.ts";
import type { Decoder } from "../../format.ts";
import type { FeatureInput, ImageInput, InputDeclaration, Rows } from "../../service.ts";
import { parseDtype } from "./dtype.ts";
import { createByteSink, createNumberSink, type ElementSink } from "./elements.ts";
import { createHeaderReader, type NpyHeader } from "./header.ts";
import { type ArrayLimits, planFeatures, planImages } from "./plan.ts";
import { toRowMajor } from "./row-major.ts";

/** Where the data of an array goes once its header is known. */
interface Plan extends Pick<ElementSink<unknown>, "push"> {
  finish(): Rows | Promise<Rows>;
}

/**
 * Decodes one file of `numpy.save` as it arrives: rows of features, or pixels of images.
 *
 * @throws InputError NPY_MALFORMED, NPY_DTYPE, NPY_SHAPE, NPY_LENGTH, NPY_NOT_A_NUMBER (with row and column);
 * InvocationError BODY_EMPTY, TOO_MANY_ROWS, TOO_MANY_VALUES
 */
export const createArrayDecoder = (input: InputDeclaration, limits: ArrayLimits): Decoder => {
  const reader = createHeaderReader();
  let plan: Plan | undefined;
  return {
    push(chunk) {
      if (plan !== undefined) return plan.push(chunk);
      const rest = reader.push(chunk);
      if (reader.header === undefined || rest === undefined) return;
      plan =
        input.kind === "images"
          ? readImages(reader.header, input, limits)
          : readFeatures(reader.header, requireFeatures(input), limits);
      plan.push(rest);
    },
    finish() {
      if (plan !== undefined) return plan.finish();
      throw new InputError("NPY_MALFORMED", "the body ends inside the header of the array");
    },
  };
};

const readFeatures = (header: NpyHeader, input: FeatureInput, limits: ArrayLimits): Plan => {
  const { columns, acceptsMissing } = input;
  const rows = planFeatures(header.shape, input, limits);
  const locate = header.fortranOrder
    ? (index: number) => ({ row: (index % rows) + 1, column: Math.floor(index / rows) + 1 })
    : (index: number) => ({ row: Math.floor(index / columns) + 1, column: (index % columns) + 1 });
  const dtype = parseDtype(header.descr);
  const sink = createNumberSink({ dtype, count: rows * columns, acceptsMissing, locate });
  return {
    push: sink.push,
    finish() {
      const values = sink.finish();
      if (!header.fortranOrder) return { values, rows, columns };
      return toRowMajor(values, [rows, columns]).then((ordered) => ({
        values: ordered,
        rows,
        columns,
      }));
    },
  };
};

const readImages = (header: NpyHeader, input: ImageInput, limits: ArrayLimits): Plan => {
  const { height, width, channels } = input;
  const { name } = parseDtype(header.descr);
  if (name !== "u1") {
    throw new InputError(
      "NPY_DTYPE",
      `expected pixels as uint8, 0 to 255, found the dtype "${header.descr}"; ` +
        'for pixels from 0 to 1 send (255 * x).round().astype("uint8")',
    );
  }
  const rows = planImages(header.shape, input, limits);
  const sink = createByteSink(rows * height * width * channels);
  return {
    push: sink.push,
    finish() {
      const pixels = sink.finish();
      if (!header.fortranOrder) return { pixels, rows, height, width, channels };
      return toRowMajor(pixels, [rows, height, width, channels]).then((ordered) => ({
        pixels: ordered,
        rows,
        height,
        width,
        channels,
      }));
    },
  };
};
