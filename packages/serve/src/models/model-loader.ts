import { quote } from "@byoc/errors";
import { InvocationError } from "../invocation-error.ts";
import type { ServedModel } from "../model-state.ts";
import { type HeldModel, holdModel } from "./held-model.ts";
import type { NamedModel } from "./load-request.ts";
import { type MemoryAccount, toMegabytes } from "./memory-account.ts";
import { readModelFolder } from "./model-folder.ts";
import { createSlots } from "./turns.ts";

/** Brings models into memory and out of it again. */
export interface ModelLoader {
  /**
   * Loads a model; when it throws, nothing of it is kept.
   *
   * @throws {InputError} `MODEL_URL_INVALID`.
   * @throws {InvocationError} `MODEL_FOLDER_MISSING` (404), `MODEL_MEMORY_SHORT` (507), `MODEL_LOAD_FAILED` (500) with
   * the reason.
   */
  load(model: NamedModel): Promise<HeldModel>;
  /** Waits for the predictions that run, and resolves when the memory is free. */
  unload(held: HeldModel): Promise<void>;
}

/** What a loader needs. */
export interface ModelLoaderOptions {
  /** A model that is not loaded yet, with its files in that folder. */
  readonly createModel: (modelDir: string) => ServedModel;
  readonly memory: MemoryAccount;
  /** `/opt/ml/models`. */
  readonly modelsDir: string;
  /** After this a load has failed, in milliseconds. */
  readonly maxLoadMs?: number | undefined;
}

/** So many models are read at once: one that takes minutes holds up no other, and the memory stays countable. */
export const MAX_LOADS_AT_ONCE = 4;
/** 360 s, after which SageMaker gives a load up. */
export const DEFAULT_MAX_LOAD_MS = 360_000;

/** Makes the loader of one process. */
export const createModelLoader = ({
  createModel,
  memory,
  modelsDir,
  maxLoadMs = DEFAULT_MAX_LOAD_MS,
}: ModelLoaderOptions): ModelLoader => {
  const slots = createSlots(MAX_LOADS_AT_ONCE);

  const load = async ({ name, url }: NamedModel): Promise<HeldModel> => {
    const folder = await readModelFolder(url, modelsDir);
    const reservation = await memory.reserve(folder);
    if (reservation === undefined) throw memoryShort(name, folder.bytes, memory);
    let held: HeldModel;
    try {
      held = await loadWithin(createModel(folder.path), name, maxLoadMs);
    } catch (error) {
      reservation.cancel();
      throw error;
    }
    if (await reservation.settle()) return held;
    await memory.free(() => held.release());
    throw memoryShort(name, folder.bytes, memory);
  };

  return {
    load: (model) => slots.run(() => load(model)),
    async unload(held) {
      await held.whenIdle();
      await memory.free(() => held.release());
    },
  };
};

const loadWithin = async (
  model: ServedModel,
  name: string,
  maxLoadMs: number,
): Promise<HeldModel> => {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, maxLoadMs);
  await Promise.race([model.load(), late]);
  clearTimeout(timer);
  const { state } = model;
  if (state.status === "ready") return holdModel(state, name);
  throw new InvocationError(
    500,
    "MODEL_LOAD_FAILED",
    `the model ${quote(name)} could not be loaded: ` +
      (state.status === "failed" ? state.reason : `not done after ${maxLoadMs / 1000} s`),
  );
};

const memoryShort = (name: string, fileBytes: number, memory: MemoryAccount): InvocationError =>
  new InvocationError(
    507,
    "MODEL_MEMORY_SHORT",
    `there is no memory for the model ${quote(name)} with ${toMegabytes(fileBytes)} MB of files: ` +
      `${memory.describe()}; unload other models first`,
  );
