import type { NamedModel } from "../models/load-request.ts";
import type { ModelChange } from "../models/loaded-models.ts";
import type { MetricsSnapshot } from "../observability/snapshot.ts";

/** What a worker that answers requests tells its parent; connections go by the numbers that the parent gave them. */
export type WorkerMessage =
  /** The model is loaded; how long that took. */
  | { readonly type: "ready"; readonly loadMs: number }
  | { readonly type: "failed"; readonly reason: string }
  /** The answer to `ping`: its event loop turns. */
  | { readonly type: "pong" }
  /** A connection has come here; until then, nothing of it has been read. */
  | { readonly type: "taken"; readonly id: number }
  /** These connections are closed. */
  | { readonly type: "closed"; readonly ids: readonly number[] }
  /** No request has come on these for a while. */
  | { readonly type: "resting"; readonly ids: readonly number[] }
  /** A request has come on one that rested. */
  | { readonly type: "active"; readonly id: number }
  /** A long answer is being written: another one must not be put behind a part of it. */
  | { readonly type: "writing"; readonly id: number }
  | { readonly type: "written"; readonly id: number }
  | { readonly type: "snapshot"; readonly snapshot: MetricsSnapshot }
  /** Asks for the numbers of all workers together. */
  | { readonly type: "collect"; readonly id: number }
  /** A model has been loaded or unloaded, of a multi-model endpoint. */
  | { readonly type: "model"; readonly change: ModelChange };

/** What a parent tells such a worker; a connection's socket travels with its message. */
export type ParentMessage =
  | { readonly type: "connection"; readonly id: number }
  | { readonly type: "ping" }
  /** No more requests come: answer those that are here, and end. */
  | { readonly type: "drain" }
  /** What had been loaded before this worker was started, of a multi-model endpoint. */
  | { readonly type: "restore"; readonly models: readonly NamedModel[] }
  | { readonly type: "snapshot" }
  | { readonly type: "collected"; readonly id: number; readonly snapshot: MetricsSnapshot };
