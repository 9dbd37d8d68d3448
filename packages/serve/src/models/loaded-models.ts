import { quote } from "@byoc/errors";
import { InvocationError } from "../invocation-error.ts";
import type { ModelState, ReadyModel, ServedModel } from "../model-state.ts";
import { type HeldModel, modelNotLoaded } from "./held-model.ts";
import type { NamedModel } from "./load-request.ts";
import type { ModelLoader } from "./model-loader.ts";
import { createTurns } from "./turns.ts";

/** The models of one process, by name. */
export interface LoadedModels {
  /** In the order of their names. */
  list(): readonly NamedModel[];
  get(name: string): NamedModel | undefined;
  /** The model, which is `loading` until its `load()` is done if it was loaded before a restart. */
  find(name: string): ServedModel | undefined;
  /**
   * The model when it can predict, at once if it is loaded.
   *
   * @throws {InvocationError} `MODEL_NOT_LOADED` (404), or what {@link ModelLoader.load} throws.
   */
  require(name: string): ReadyModel | Promise<ReadyModel>;
  /** @throws {InvocationError} `MODEL_ALREADY_LOADED` (409), or what {@link ModelLoader.load} throws. */
  load(model: NamedModel): Promise<void>;
  /**
   * Resolves when predictions that run have ended and the memory is free.
   *
   * @throws {InvocationError} `MODEL_NOT_LOADED` (404).
   */
  unload(name: string): Promise<NamedModel>;
}

/** One step of what a process started now would have to restore. */
export type ModelChange =
  | { readonly kind: "added"; readonly model: NamedModel }
  | { readonly kind: "removed"; readonly model: NamedModel };

/** Is told of every change, with all models after it. */
export type OnModelChange = (models: readonly NamedModel[], change: ModelChange) => void;

/** One model that counts as loaded. */
interface Entry {
  readonly model: NamedModel;
  /** Undefined until the first use after a restart. */
  held: HeldModel | undefined;
  restoring: Promise<HeldModel> | undefined;
  failed: ModelState | undefined;
}

/**
 * Keeps the models, one call at a time for each name: who loads a name that is being loaded waits for the outcome.
 *
 * @param restored What had been loaded before this process was started again; each is loaded at its first use.
 * @param onChange Gets the models that a process started now would have to restore. One that is loaded again is not
 * among them until that has succeeded, so that a model that kills its process does so once.
 */
export const createLoadedModels = (
  loader: ModelLoader,
  restored: readonly NamedModel[] = [],
  onChange?: OnModelChange,
): LoadedModels => {
  const entries = new Map<string, Entry>();
  const turns = createTurns();
  let sorted: readonly NamedModel[] | undefined;

  const add = (model: NamedModel, held?: HeldModel): void => {
    entries.set(model.name, { model, held, restoring: undefined, failed: undefined });
  };
  const report = (kind: ModelChange["kind"], model: NamedModel): void => {
    sorted = undefined;
    if (onChange === undefined) return;
    const kept = [...entries.values()].filter(({ held, restoring }) => held ?? !restoring);
    onChange(
      kept.map((entry) => entry.model),
      { kind, model },
    );
  };
  for (const model of restored) add(model);

  const restore = (entry: Entry): Promise<HeldModel> => {
    const { model } = entry;
    entry.restoring ??= turns.run(model.name, async () => {
      try {
        if (entries.get(model.name) !== entry) throw modelNotLoaded(model.name);
        report("removed", model);
        entry.held = await loader.load(model);
        report("added", model);
        return entry.held;
      } catch (error) {
        if (entries.get(model.name) === entry) entries.delete(model.name);
        sorted = undefined;
        entry.failed = { status: "failed", reason: (error as Error).message };
        throw error;
      }
    });
    return entry.restoring;
  };

  return {
    list: () =>
      (sorted ??= [...entries.values()]
        .map(({ model }) => model)
        .toSorted((one, other) => (one.name < other.name ? -1 : 1))),
    get: (name) => entries.get(name)?.model,
    find(name) {
      const entry = entries.get(name);
      return entry === undefined ? undefined : (entry.held?.model ?? toServedModel(entry, restore));
    },
    require(name) {
      const entry = entries.get(name);
      if (entry === undefined) throw modelNotLoaded(name);
      return entry.held?.ready ?? restore(entry).then(({ ready }) => ready);
    },
    load: (model) =>
      turns.run(model.name, async () => {
        if (entries.has(model.name)) throw alreadyLoaded(model.name);
        add(model, await loader.load(model));
        report("added", model);
      }),
    unload: (name) =>
      turns.run(name, async () => {
        const entry = entries.get(name);
        if (entry === undefined) throw modelNotLoaded(name);
        entries.delete(name);
        report("removed", entry.model);
        const { held } = entry;
        entry.held = entry.restoring = undefined;
        if (held !== undefined) await loader.unload(held);
        return entry.model;
      }),
  };
};

/** A model that is loaded again when it is first used. */
const toServedModel = (
  entry: Entry,
  restore: (entry: Entry) => Promise<HeldModel>,
): ServedModel => ({
  get state() {
    return entry.held?.ready ?? entry.failed ?? { status: "loading" };
  },
  async load() {
    await restore(entry).catch(() => {
      // Its state says so, and the log.
    });
  },
});

const alreadyLoaded = (name: string): InvocationError =>
  new InvocationError(
    409,
    "MODEL_ALREADY_LOADED",
    `the model ${quote(name)} is loaded already; DELETE /models/{model_name} unloads it`,
  );
