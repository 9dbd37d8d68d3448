import type { Matrix } from "@byoc/table";

/** What one row of a request holds, as the model declares it. */
export interface InputDeclaration {
  /** The number of feature columns of a row, at least 1. */
  readonly columns: number;
  /** The names of the columns in order; a CSV header row that says otherwise is answered with 400. */
  readonly names?: readonly string[] | undefined;
}

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

/** What a prediction is told beside its rows. */
export interface PredictContext {
  /** Turns when the client has gone, or when the container stops before the prediction is done. */
  readonly signal: AbortSignal;
}

/**
 * What a container hands over to be served: how to load its model once, and how to predict many times.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 * @example
 * await startServer({ modelDir: "/opt/ml/model", load, predict, input: (tree) => ({ columns: tree.columns }), cost: "short" });
 */
export interface Service<Model> {
  /** The folder with the files of the model: `/opt/ml/model`, which SageMaker mounts read-only. */
  readonly modelDir: string;
  /** Reads the model, once; what it throws is the reason that /ping gives from then on. */
  load(modelDir: string): Model | Promise<Model>;
  /** What a request must hold for this model. */
  input(model: Model): InputDeclaration;
  /**
   * Answers rows of features (`rows.rows` at least 1, `rows.columns` as declared, all finite) with one prediction each.
   *
   * An `InputError` that it throws becomes a 400, an `InvocationError` its own status, anything else a 500.
   */
  predict(model: Model, rows: Matrix, context: PredictContext): Predictions | Promise<Predictions>;
  /**
   * `short` if a prediction takes no longer than a few milliseconds, `long` (also when it is not said) if it may hold up
   * the process that answers /ping. Both are computed where the request arrives today.
   */
  readonly cost?: "short" | "long";
}
