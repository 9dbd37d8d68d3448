import { inspect } from "node:util";
import { isInputError } from "@byoc/errors";
import { log } from "@byoc/metrics";
import type { Matrix } from "@byoc/table";
import { InvocationError } from "./invocation-error.ts";
import type { InputDeclaration, PredictContext, Predictions, Service } from "./service.ts";

/** A model that can predict; where it computes is hidden from the routes. */
export interface ReadyModel {
  readonly status: "ready";
  readonly input: InputDeclaration;
  predict(rows: Matrix, context: PredictContext): Predictions | Promise<Predictions>;
}

/** How far a model has come. */
export type ModelState =
  | { readonly status: "loading" }
  | { readonly status: "failed"; readonly reason: string }
  | ReadyModel;

/** A model as the routes see it, from before it is loaded. */
export interface ServedModel {
  /** The state now; it changes once, when {@link ServedModel.load} is done. */
  readonly state: ModelState;
  /** Loads the model; resolves, never rejects, when it can predict or has failed. */
  load(): Promise<void>;
}

/** A service's model, not loaded yet. */
export const createModel = <Model>(service: Service<Model>): ServedModel => {
  let state: ModelState = { status: "loading" };
  return {
    get state() {
      return state;
    },
    async load() {
      const startedMs = performance.now();
      try {
        state = await loadModel(service);
        log.info(`model loaded in ${Math.round(performance.now() - startedMs)} ms`);
      } catch (error) {
        state = { status: "failed", reason: describeReason(error) };
        log.error(
          `the model in ${service.modelDir} could not be loaded: ` +
            (isInputError(error) ? error.message : inspect(error)),
        );
      }
    },
  };
};

/**
 * The model when it can predict.
 *
 * @throws {InvocationError} `MODEL_LOADING` or `MODEL_LOAD_FAILED` (503).
 */
export const requireReady = ({ state }: ServedModel): ReadyModel => {
  if (state.status === "ready") return state;
  if (state.status === "loading") {
    throw new InvocationError(503, "MODEL_LOADING", "the model is still being loaded; try again");
  }
  throw new InvocationError(
    503,
    "MODEL_LOAD_FAILED",
    `the model could not be loaded: ${state.reason}`,
  );
};

const loadModel = async <Model>(service: Service<Model>): Promise<ReadyModel> => {
  const model = await service.load(service.modelDir);
  const input = service.input(model);
  if (!Number.isInteger(input.columns) || input.columns < 1) {
    throw new Error(`input() declares ${input.columns} columns; expected a whole number from 1`);
  }
  if (input.names !== undefined && input.names.length !== input.columns) {
    throw new Error(`input() declares ${input.columns} columns and ${input.names.length} names`);
  }
  return {
    status: "ready",
    input,
    predict: (rows, context) => service.predict(model, rows, context),
  };
};

/** The message of what went wrong, never its stack. */
const describeReason = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
