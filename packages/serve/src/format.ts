import type { InputDeclaration, Predictions, Rows } from "./service.ts";

/** Bounds that hold for every content type. */
export interface DecoderLimits {
  /** The most rows of a request. */
  readonly maxRows: number;
}

/** Takes the bytes of one request as they arrive, and gives what they hold. */
export interface Decoder {
  /**
   * Takes the next bytes, which belong to the decoder from then on.
   *
   * @throws {InputError} with row and column as soon as a problem is seen; answered with 400.
   */
  push(chunk: Uint8Array): void;
  /**
   * Called once, after the last byte.
   *
   * @throws {InputError} or InvocationError, as above; a promise may reject with them.
   */
  finish(): Rows | Promise<Rows>;
}

/** Makes a decoder for one request; `mediaType` is lower case, without parameters. */
export type DecoderFactory = (
  input: InputDeclaration,
  limits: DecoderLimits,
  mediaType: string,
) => Decoder;

/** Turns predictions into the body of an answer. */
export interface Encoder {
  /** It writes the labels of a classifier and nothing else: probabilities need not be computed. */
  readonly isLabelsOnly?: boolean;
  encode(predictions: Predictions): string | Uint8Array<ArrayBuffer>;
  /**
   * The same for a stream: what stands before, between and after its parts. Without it, a stream cannot be answered in
   * this media type (406).
   */
  readonly stream?: {
    readonly begin: string;
    readonly separator: string;
    readonly end: string;
    encodePart(predictions: Predictions): string;
  };
}

/** Content types that a container names, beside CSV and JSON. */
export interface Format {
  /** The kinds of input that its decoders give; every kind unless said. */
  readonly inputKinds?: readonly ("features" | "images")[];
  /** By media type in lower case. */
  readonly decoders?: Readonly<Record<string, DecoderFactory>>;
  readonly encoders?: Readonly<Record<string, Encoder>>;
}
