import { InputError, quote } from "@byoc/errors";

/** What a path below /models means. */
export type ModelRoute =
  | { readonly kind: "collection" }
  | { readonly kind: "model"; readonly id: string }
  | { readonly kind: "invoke"; readonly id: string };

/**
 * Reads `/models`, `/models/{id}` and `/models/{id}/invoke`; the id is percent-decoded once, after the path was split.
 *
 * @param path The path of the request as it was sent, without the query.
 * @returns undefined for every other path.
 * @throws {InputError} `MODEL_NAME_INVALID` if the id is not percent-encoded UTF-8.
 * @example
 * parseModelRoute("/models/a%2Fb.tar.gz/invoke"); // { kind: "invoke", id: "a/b.tar.gz" }
 */
export const parseModelRoute = (path: string): ModelRoute | undefined => {
  if (path === "/models") return { kind: "collection" };
  if (!path.startsWith("/models/")) return undefined;
  const [id = "", action, ...rest] = path.slice("/models/".length).split("/");
  if (id === "" || rest.length > 0) return undefined;
  if (action === undefined) return { kind: "model", id: decodeId(id) };
  return action === "invoke" ? { kind: "invoke", id: decodeId(id) } : undefined;
};

const decodeId = (id: string): string => {
  try {
    return decodeURIComponent(id);
  } catch (cause) {
    throw new InputError(
      "MODEL_NAME_INVALID",
      `the path names the model ${quote(id)}; expected percent-encoded UTF-8`,
      { cause },
    );
  }
};
