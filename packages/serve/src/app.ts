export { createApp } from "./http/app.ts";
export { createModel } from "./model-state.ts";
export type { ModelState, ReadyModel, ServedModel } from "./model-state.ts";
