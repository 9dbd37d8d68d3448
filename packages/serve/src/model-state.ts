import { inspect } from "node:util";
import { isInputError } from "@byoc/errors";
import { log } from "@byoc/metrics";
import type { BatchHooks } from "./batching/batcher.ts";
import { createRules, type Rules } from "./invocation/rules.ts";
import type { Matrix } from "@byoc/table";
import type {
  Batching,
  InputDeclaration,
  PredictContext,
  PredictResult,
  Rows,
  Service,
} from "./service.ts";
import { toUnavailability, type Unavailable } from "./unavailability.ts";

/** A model that can predict. */
export interface ReadyModel {
  readonly status: "ready";
  readonly input: InputDeclaration;
  /** What it reads and answers. */
  readonly rules: Rules;
  predict(rows: Rows, context: PredictContext): PredictResult;
}

/** How far a model has come. */
export type ModelState = Unavailable | ReadyModel;

/** A model as the routes see it, from before it is loaded. */
export interface ServedModel {
  /** The state now; it changes once, when {@link ServedModel.load} is done. */
  readonly state: ModelState;
  /** Loads the model; resolves, never rejects, when it can predict or has failed. */
  load(): Promise<void>;
}

/** How a model answers clients that do not ask for a media type. */
export interface ModelOptions {
  readonly defaultAccept?: string | undefined;
  /** Rules by what they follow from, for many models of one service, which often are alike. */
  readonly knownRules?: Map<string, Rules>;
  /** Told of each batch, of a service that batches. */
  readonly onBatch?: BatchHooks["onBatch"];
}

/** A service's model, not loaded yet. */
export const createModel = <Model, Taken extends Rows = Matrix>(
  service: Service<Model, Taken>,
  options: ModelOptions = {},
): ServedModel => {
  let state: ModelState = { status: "loading" };
  return {
    get state() {
      return state;
    },
    async load() {
      try {
        state = await loadModel(service, options);
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
 * @throws InvocationError MODEL_LOADING or MODEL_LOAD_FAILED (503)
 */
export const requireReady = ({ state }: ServedModel): ReadyModel => {
  if (state.status === "ready") return state;
  throw toUnavailability(state);
};

const loadModel = async <Model, Taken extends Rows = Matrix>(
  service: Service<Model, Taken>,
  { defaultAccept, knownRules, onBatch }: ModelOptions,
): Promise<ReadyModel> => {
  const model = await service.load(service.modelDir);
  const input: InputDeclaration = service.input(model);
  checkInput(input);
  const key = JSON.stringify(input);
  const rules = knownRules?.get(key) ?? createRules(input, { defaultAccept }, service.formats);
  knownRules?.set(key, rules);
  // The decoders of an input give what its `predict` takes.
  const predict = (rows: Rows, context: PredictContext): PredictResult =>
    service.predict(model, rows as Taken, context);
  return {
    status: "ready",
    input,
    rules,
    predict:
      service.batching === undefined ? predict : await batch(predict, service.batching, onBatch),
  };
};

type Predict = ReadyModel["predict"];

/** Imported here: most models do without. */
const batch = async (
  predict: Predict,
  batching: Batching,
  onBatch: BatchHooks["onBatch"],
): Promise<Predict> => {
  const { createBatcher } = await import("./batching/batcher.ts");
  return createBatcher(predict, batching, onBatch === undefined ? {} : { onBatch });
};

const checkInput = (input: InputDeclaration): void => {
  if (input.kind !== undefined && input.kind !== "features") return;
  if (!Number.isInteger(input.columns) || input.columns < 1) {
    throw new Error(`input() declares ${input.columns} columns; expected a whole number from 1`);
  }
  if (input.names !== undefined && input.names.length !== input.columns) {
    throw new Error(`input() declares ${input.columns} columns and ${input.names.length} names`);
  }
};

/** The message of what went wrong, never its stack. */
const describeReason = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
