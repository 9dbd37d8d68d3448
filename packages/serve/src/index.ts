export { createApp } from "./app.ts";
export { InvocationError, isInvocationError } from "./invocation-error.ts";
export type { InvocationErrorOptions } from "./invocation-error.ts";
export { createModel } from "./model-state.ts";
export type { ModelState, ReadyModel, ServedModel } from "./model-state.ts";
export type {
  ClassPredictions,
  InputDeclaration,
  PredictContext,
  Predictions,
  Service,
  ValuePredictions,
} from "./service.ts";
export { readSettings } from "./settings.ts";
export type { AppSettings, ServerSettings } from "./settings.ts";
export { startServer } from "./start-server.ts";
