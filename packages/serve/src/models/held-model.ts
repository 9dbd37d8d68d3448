import { quote } from "@byoc/errors";
import { InvocationError } from "../invocation-error.ts";
import type { ModelState, ReadyModel, ServedModel } from "../model-state.ts";
import type { PredictResult, Predictions } from "../service.ts";

/** The only hold on a loaded model, which can be let go while others still have its name in hand. */
export interface HeldModel {
  /** What invocations get. */
  readonly model: ServedModel;
  readonly ready: ReadyModel;
  /** Resolves when no prediction of this model runs. */
  whenIdle(): Promise<void>;
  /** Lets go of the model: from now on its `predict` throws `MODEL_NOT_LOADED` (404). */
  release(): void;
}

/** Takes hold of a model that is ready, and counts its predictions until they are answered or their stream has ended. */
export const holdModel = (loaded: ReadyModel, name: string): HeldModel => {
  let held: ReadyModel | undefined = loaded;
  let running = 0;
  let onIdle: (() => void)[] = [];

  const end = (): void => {
    running -= 1;
    if (running > 0) return;
    for (const resolve of onIdle) resolve();
    onIdle = [];
  };
  const begin = (): void => {
    running += 1;
  };
  const count = (result: PredictResult): PredictResult => {
    if (!(result instanceof Promise))
      return isStream(result) ? countStream(result, begin, end) : result;
    begin();
    return result
      .then((value) => (isStream(value) ? countStream(value, begin, end) : value))
      .finally(end);
  };

  const { predict: _predict, ...rest } = loaded;
  const ready: ReadyModel = {
    ...rest,
    predict(rows, context) {
      if (held === undefined) throw modelNotLoaded(name);
      return count(held.predict(rows, context));
    },
  };
  return {
    ready,
    model: { state: ready satisfies ModelState, load: () => Promise.resolve() },
    whenIdle: () =>
      running === 0 ? Promise.resolve() : new Promise((resolve) => onIdle.push(resolve)),
    release() {
      held = undefined;
    },
  };
};

/** The error for a model that is not here; SageMaker loads it when it is asked for. */
export const modelNotLoaded = (name: string): InvocationError =>
  new InvocationError(
    404,
    "MODEL_NOT_LOADED",
    `the model ${quote(name)} is not loaded; POST /models loads it`,
  );

const isStream = (
  result: Predictions | AsyncIterable<Predictions>,
): result is AsyncIterable<Predictions> => Symbol.asyncIterator in result;

/** The stream, with a call when it is begun and one when it has ended, failed or been left. */
async function* countStream<Part>(
  stream: AsyncIterable<Part>,
  onBegin: () => void,
  onEnd: () => void,
): AsyncGenerator<Part> {
  onBegin();
  try {
    yield* stream;
  } finally {
    onEnd();
  }
}
