import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { malformedPicture, type Pixels } from "./picture.ts";

/** What a codec of @jsquash offers, as it is in truth: its types are those of a browser. */
export interface CodecModule {
  init(options: CodecOptions): Promise<void>;
  default(bytes: Uint8Array, options?: object): Promise<DecodedImage>;
}

/** What the codec is started with, as Emscripten has it. */
interface CodecOptions {
  readonly wasmBinary: Uint8Array;
  print(text: string): void;
  printErr(text: string): void;
}

/** What the codec gives: `ImageData`, or what stands for it in Node. */
interface DecodedImage {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** What makes a decoder of a codec. */
export interface CodecDescription {
  /** For messages: `JPEG`. */
  readonly name: string;
  readonly module: CodecModule;
  /** The package's path of the WebAssembly file. */
  readonly wasmPath: string;
  readonly options?: object;
  /** Complaints of the codec that mean that pixels are missing or wrong, though it gives some. */
  readonly fatalComplaints: RegExp;
}

/** Memory of WebAssembly never shrinks: after an image of more pixels, the codec is started anew. */
const MAX_KEPT_PIXELS = 8_000_000;

/**
 * A decoder that loads its codec with the first image, and starts it anew after an image that it could not decode:
 * what it had allocated for it is not given back otherwise.
 *
 * @returns a function that rejects with InputError IMAGE_MALFORMED, and must not be called again before it is done
 */
export const createCodec = ({
  name,
  module,
  wasmPath,
  options,
  fatalComplaints,
}: CodecDescription): ((bytes: Uint8Array) => Promise<Pixels>) => {
  let wasmBinary: Uint8Array | undefined;
  let complaints: string[] = [];
  const complain = (text: string): void => void complaints.push(text);
  const start = (binary: Uint8Array): Promise<void> =>
    module.init({ wasmBinary: binary, print: complain, printErr: complain });

  return async (bytes) => {
    if (wasmBinary === undefined) {
      wasmBinary = await readFile(createRequire(import.meta.url).resolve(wasmPath));
      await start(wasmBinary);
    }
    complaints = [];
    let image: DecodedImage | undefined;
    let cause: unknown;
    try {
      image = await module.default(bytes, options);
    } catch (error) {
      cause = error;
    }
    if (image === undefined || image.width * image.height > MAX_KEPT_PIXELS)
      await start(wasmBinary);
    const complaint = complaints.find((text) => image === undefined || fatalComplaints.test(text));
    if (image === undefined || complaint !== undefined) {
      const reason = complaint === undefined ? "" : ` (${complaint.trim()})`;
      throw malformedPicture(`the ${name} is damaged or cut off${reason}`, cause);
    }
    return { data: image.data, width: image.width, height: image.height, channels: 4 };
  };
};
