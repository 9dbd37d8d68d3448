import type { Answer } from "../answer.ts";
import type { Encoder } from "../format.ts";
import { InvocationError } from "../invocation-error.ts";
import type { Predictions } from "../service.ts";
import { checkClasses } from "./check-predictions.ts";
import type { Route } from "./rules.ts";

/** What a streamed answer is made with. */
export interface StreamOptions {
  /** Called when the first part is there: what the model has set until then is sent with it. */
  getHeaders(): Readonly<Record<string, string>>;
  fail(error: unknown): Answer;
}

/**
 * The answer to a prediction that comes part by part.
 *
 * Waits for the first part, so that a prediction that fails at once is still answered with its status; later failures
 * can only cut the answer short.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointWithResponseStream.html
 */
export const streamAnswer = async (
  parts: AsyncIterable<Predictions>,
  route: Route,
  { getHeaders, fail }: StreamOptions,
): Promise<Answer> => {
  const iterator = parts[Symbol.asyncIterator]();
  try {
    const stream = requireStream(route);
    const first = await iterator.next();
    return { status: 200, headers: getHeaders(), body: encodeParts(first, iterator, stream) };
  } catch (error) {
    return fail(error);
  }
};

const encodeParts = async function* (
  first: IteratorResult<Predictions>,
  iterator: AsyncIterator<Predictions>,
  { begin, separator, end, encodePart }: NonNullable<Encoder["stream"]>,
): AsyncGenerator<string | Uint8Array> {
  try {
    let text = begin;
    for (let next = first; !next.done; next = await iterator.next()) {
      if (next.value.kind === "classes") checkClasses(next.value);
      yield text + encodePart(next.value);
      text = separator;
    }
    const rest = text === begin ? begin + end : end;
    if (rest !== "") yield rest;
  } finally {
    // The client has gone: the model need not go on.
    await iterator.return?.();
  }
};

const requireStream = ({ mediaType, encoder }: Route): NonNullable<Encoder["stream"]> => {
  if (encoder.stream !== undefined) return encoder.stream;
  throw new InvocationError(
    406,
    "NOT_STREAMABLE",
    `this model answers in parts, which ${mediaType} cannot carry; ask for application/jsonlines or text/csv`,
  );
};
