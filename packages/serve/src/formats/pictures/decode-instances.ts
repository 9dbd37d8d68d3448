import { InputError, isInputError, listNames, quote } from "@byoc/errors";
import { tooManyRows } from "../../decoders/problems.ts";
import type { DecoderFactory } from "../../format.ts";
import { InvocationError, isInvocationError } from "../../invocation-error.ts";
import { collectBytes, createCollector } from "../collect.ts";
import { decodeBase64 } from "./base64.ts";
import { createPictureDecoder, type PictureLimits } from "./decode-picture.ts";
import { tooManyPixels } from "./picture.ts";
import { requireImages } from "./require-images.ts";

/**
 * Decodes images in JSON as TensorFlow Serving has them: `{"instances": [{"b64": "…"}, …]}`, the bare array, or one
 * image; also with a name around each, `{"image": {"b64": "…"}}`.
 *
 * @throws InputError JSON_MALFORMED, JSON_SHAPE, IMAGE_BASE64, and what {@link createPictureDecoder} throws, with row;
 * InvocationError BODY_EMPTY, TOO_MANY_ROWS, IMAGE_TOO_LARGE (413)
 * @see https://www.tensorflow.org/tfx/serving/api_rest#encoding_binary_values
 */
export const createInstancesDecoder =
  (limits: PictureLimits): DecoderFactory =>
  (declaration, rowLimits) => {
    const input = requireImages(declaration);
    const { width, height, channels } = input;
    const body = collectBytes();
    return {
      push: body.push,
      async finish() {
        const instances = findInstances(parseJson(body.finish()));
        const rows = instances.length;
        if (rows === 0) {
          const message = 'the body holds no image; send {"instances": [{"b64": "…"}]}';
          throw new InvocationError(400, "BODY_EMPTY", message);
        }
        if (rows > rowLimits.maxRows) throw tooManyRows(rowLimits.maxRows);
        if (rows * width * height > limits.maxPixels && rows > 1) {
          throw tooManyPixels(
            `${rows} images of ${width} x ${height}, as the model takes them, hold more than ${limits.maxPixels} pixels; ` +
              "send fewer at a time",
          );
        }
        const size = width * height * channels;
        const pixels = createCollector<Uint8Array<ArrayBuffer>>(Uint8Array, rows * size);
        const decoder = createPictureDecoder(input, limits);
        for (const [index, instance] of instances.entries()) {
          try {
            const image = decodeBase64(findText(instance));
            pixels.room(size).set(await decoder.decode(image));
          } catch (error) {
            throw withRow(error, index + 1);
          }
        }
        return { pixels: pixels.finish(), rows, width, height, channels };
      },
    };
  };

const parseJson = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    const problem = `not valid JSON: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new InputError("JSON_MALFORMED", problem, { cause });
  }
};

const findInstances = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  if (isObject(value)) {
    if (Array.isArray(value["instances"])) return value["instances"];
    if ("b64" in value) return [value];
  }
  throw wrongShape(value);
};

/** The base64 text of `{"b64": "…"}`, or of such an object with one name around it. */
const findText = (instance: unknown): string => {
  if (isObject(instance)) {
    const { b64 } = instance;
    if (typeof b64 === "string") return b64;
    const [inner, ...others] = Object.values(instance);
    if (others.length === 0 && isObject(inner) && typeof inner["b64"] === "string") {
      return inner["b64"];
    }
  }
  throw wrongShape(instance);
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const wrongShape = (value: unknown): InputError => {
  const found = isObject(value)
    ? `an object with ${listNames(Object.keys(value).map(quote), { conjunction: "and", most: 5 })}`
    : Array.isArray(value)
      ? "an array"
      : quote(String(value));
  return new InputError(
    "JSON_SHAPE",
    `expected an image as {"b64": "…"} in {"instances": […]}, found ${found}; ` +
      "arrays of pixels are sent as application/x-npy",
  );
};

const withRow = (error: unknown, row: number): unknown => {
  if (isInputError(error)) return new InputError(error.code, error.message, { row, cause: error });
  if (!isInvocationError(error)) return error;
  const { status, code, message } = error;
  return new InvocationError(status, code, `row ${row}: ${message}`, { row, cause: error });
};
