import { InputError, quote } from "@byoc/errors";
import type { NamedModel } from "./load-request.ts";

/** One page of GET /models, as SageMaker reads it. */
export interface ModelPage {
  readonly models: readonly { readonly modelName: string; readonly modelUrl: string }[];
  /** Absent on the last page. */
  readonly nextPageToken?: string;
}

/** The most models of one page. */
export const MODELS_PER_PAGE = 100;

/** Stands before the name in a token, so that not every text is one. */
const TOKEN_PREFIX = "after:";

/** A model as the answers name it. */
export const toModelBody = ({ name, url }: NamedModel): ModelPage["models"][number] => ({
  modelName: name,
  modelUrl: url,
});

/**
 * The page that a token stands for.
 *
 * A token holds the last name of the page before it: models that are loaded or unloaded between two pages neither
 * repeat nor hide others, and the token outlives the process that gave it.
 *
 * @param models In the order of their names, by UTF-16 code units.
 * @param token Of the page before; undefined or empty for the first page.
 * @throws {InputError} `PAGE_TOKEN_INVALID` for a token that no page gave.
 */
export const takePage = (
  models: readonly NamedModel[],
  token: string | null | undefined,
  size: number = MODELS_PER_PAGE,
): ModelPage => {
  const from = token ? findAfter(models, parseToken(token)) : 0;
  const page = models.slice(from, from + size);
  const last = page.at(-1);
  return {
    models: page.map(toModelBody),
    ...(last !== undefined && from + size < models.length && { nextPageToken: toToken(last.name) }),
  };
};

/** The index of the first model with a greater name. */
const findAfter = (models: readonly NamedModel[], name: string): number => {
  let low = 0;
  let high = models.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (models[middle]!.name > name) high = middle;
    else low = middle + 1;
  }
  return low;
};

const toToken = (name: string): string => Buffer.from(TOKEN_PREFIX + name).toString("base64url");

const parseToken = (token: string): string => {
  const text = Buffer.from(token, "base64url").toString();
  const name = text.slice(TOKEN_PREFIX.length);
  if (text.startsWith(TOKEN_PREFIX) && toToken(name) === token) return name;
  throw new InputError(
    "PAGE_TOKEN_INVALID",
    `next_page_token is ${quote(token)}; expected the nextPageToken of the page before`,
  );
};
