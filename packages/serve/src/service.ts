import type { Matrix } from "@byoc/table";
import type { Hono } from "hono";
import type { Format } from "./format.ts";

/** Rows of features: the model takes a matrix. */
export interface FeatureInput {
  readonly kind?: "features";
  /** The number of feature columns of a row, at least 1. */
  readonly columns: number;
  /** The names of the columns in order; a CSV header row that says otherwise is answered with 400. */
  readonly names?: readonly string[] | undefined;
  /** The model takes missing values: an empty cell, `NaN` or `null` becomes NaN instead of a 400. */
  readonly acceptsMissing?: boolean | undefined;
}

/** Images of one size: the model takes pixels; images of other sizes are resized. */
export interface ImageInput {
  readonly kind: "images";
  /** In pixels, from 1. */
  readonly width: number;
  readonly height: number;
  /** 3 for RGB, 1 for grey. */
  readonly channels: 1 | 3;
}

/** The body as it came, of any content type: the model reads it itself. */
export interface BytesInput {
  readonly kind: "bytes";
}

/** What a request holds, as the model declares it. */
export type InputDeclaration = FeatureInput | ImageInput | BytesInput;

/** Images of a request: uint8, rows x height x width x channels, row-major. */
export interface Images {
  readonly pixels: Uint8Array;
  readonly rows: number;
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
}

/** A request body as it came. */
export interface RawBody {
  readonly bytes: Uint8Array;
  /** Lower case, without parameters. */
  readonly contentType: string;
  /** Counts as one row. */
  readonly rows: 1;
}

/** What a request was decoded to. */
export type Rows = Matrix | Images | RawBody;

/** The declaration that goes with what `predict` takes. */
export type InputFor<Taken extends Rows> = Taken extends Matrix
  ? FeatureInput
  : Taken extends Images
    ? ImageInput
    : BytesInput;

/** One class for each row, for a classifier. */
export interface ClassPredictions {
  readonly kind: "classes";
  /** The labels, as they are answered. */
  readonly classes: readonly string[];
  /** For each row the index of its label in `classes`. */
  readonly indices: Int32Array | Uint32Array | Uint16Array | Uint8Array;
  /** rows x classes, row-major, 0 to 1; answered in JSON beside the label. */
  readonly probabilities?: Float32Array | Float64Array | undefined;
}

/** One number for each row, for a regressor. */
export interface ValuePredictions {
  readonly kind: "values";
  readonly values: Float32Array | Float64Array;
}

/** The answers for the rows of a request, in the order of the rows, in typed arrays: no object per row. */
export type Predictions = ClassPredictions | ValuePredictions;

/** Predictions at once, later, or part by part; each part of a stream is sent as soon as it is there. */
export type PredictResult =
  | Predictions
  | AsyncIterable<Predictions>
  | Promise<Predictions | AsyncIterable<Predictions>>;

/** What a prediction is told beside its rows. */
export interface PredictContext {
  /** Turns when the client has gone, when the time is up, or when the container stops before the prediction is done. */
  readonly signal: AbortSignal;
  /** The answer shows labels and nothing else: a classifier need not compute probabilities. */
  readonly isLabelsOnly?: boolean | undefined;
  /** The client's `X-Amzn-SageMaker-Custom-Attributes`, as sent. */
  readonly customAttributes?: string | undefined;
  /** Sets `X-Amzn-SageMaker-Custom-Attributes` of the answer; at most 1,024 visible ASCII characters. */
  setCustomAttributes?(value: string): void;
}

/** Several requests are predicted together when they come at the same time. */
export interface Batching {
  /** The most rows of one call of `predict`, from 1. */
  readonly maxRows: number;
  /** The longest that a request waits for others, in milliseconds; default 2. Nothing waits while the model is idle. */
  readonly maxDelayMs?: number | undefined;
  /** The most bytes of decoded rows of one call; default 64 MiB. */
  readonly maxBytes?: number | undefined;
}

/**
 * What a container hands over to be served: how to load its model once, and how to predict many times.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 * @example
 * await startServer({ modelDir: "/opt/ml/model", load, predict, input: (tree) => ({ columns: tree.columns }), cost: "short" });
 */
export interface Service<Model, Taken extends Rows = Matrix> {
  /** The folder with the files of the model: `/opt/ml/model`, which SageMaker mounts read-only. */
  readonly modelDir: string;
  /** Reads the model, once in each worker; what it throws is the reason that /ping gives from then on. */
  load(modelDir: string): Model | Promise<Model>;
  /** What a request must hold for this model. */
  input(model: Model): InputFor<Taken>;
  /**
   * Answers rows (`rows.rows` at least 1; features all finite, as many columns as declared) with one prediction each.
   *
   * An `InputError` that it throws becomes a 400, an `InvocationError` its own status, anything else a 500.
   */
  predict(model: Model, rows: Taken, context: PredictContext): PredictResult;
  /**
   * `short` if a prediction takes no longer than a few milliseconds: it is computed where the request arrives. `long`
   * (also when it is not said) is computed in a process that owns no socket, so that /ping is answered meanwhile.
   */
  readonly cost?: "short" | "long";
  /** Content types beside CSV and JSON, each from its own subpath: `@byoc/serve/npy`, `/protobuf`, `/images`. */
  readonly formats?: readonly Format[];
  /** Predict several requests together; without, each by itself. */
  readonly batching?: Batching;
  /** Adds routes of the container's own to the app, after those of the contract. */
  readonly extend?: (app: Hono) => void;
  /** The number of workers that suits the model; default: one for each CPU when short, one when long. */
  readonly workers?: number;
}
