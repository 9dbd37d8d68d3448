import { InvocationError } from "./invocation-error.ts";

/** A model that cannot predict: not yet, or not at all. */
export type Unavailable =
  | { readonly status: "loading" }
  | { readonly status: "failed"; readonly reason: string };

/** Why a model cannot predict: MODEL_LOADING or MODEL_LOAD_FAILED (503); undefined when it can. */
export const findUnavailability = (
  state: Unavailable | { readonly status: "ready" },
): InvocationError | undefined => (state.status === "ready" ? undefined : toUnavailability(state));

/** The error of a model that cannot predict: MODEL_LOADING or MODEL_LOAD_FAILED (503). */
export const toUnavailability = (state: Unavailable): InvocationError => {
  if (state.status === "loading") {
    return new InvocationError(503, "MODEL_LOADING", "the model is still being loaded; try again");
  }
  const message = `the model could not be loaded: ${state.reason}`;
  return new InvocationError(503, "MODEL_LOAD_FAILED", message);
};
