import { InputError, listNames, quote } from "@byoc/errors";
import type { Matrix } from "@byoc/table";
import { type Answer, answerError } from "./answer.ts";
import { type Body, bodyTooLarge, clientGone, limitBody } from "./body.ts";
import { DECODERS, type Decoder } from "./decoders/index.ts";
import { ENCODERS, type Encoder, FALLBACK_MEDIA_TYPE } from "./encoders/index.ts";
import { InvocationError } from "./invocation-error.ts";
import { negotiate, toEssence } from "./media-types.ts";
import { requireReady, type ServedModel } from "./model-state.ts";
import type { Predictions } from "./service.ts";
import type { AppSettings } from "./settings.ts";

/** One request for predictions, whatever carries it. */
export interface Invocation {
  /** The value of a request header by its name in lower case. */
  header(name: string): string | undefined;
  readonly body: Body;
  /** Turns when the client has gone. */
  readonly signal: AbortSignal;
}

/**
 * The rules of POST /invocations, apart from the framework: header checks, decoder, predict, encoder, in one direction.
 *
 * The function that it gives never rejects; whatever goes wrong becomes an {@link Answer}.
 *
 * @throws {InputError} `SETTING_INVALID` if the default media type of answers is not offered.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 */
export const createInvocations = (
  model: ServedModel,
  { maxBodyBytes, defaultAccept }: AppSettings,
): ((invocation: Invocation) => Promise<Answer>) => {
  if (defaultAccept !== undefined && !ENCODERS.has(defaultAccept)) {
    throw new InputError(
      "SETTING_INVALID",
      `SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT is ${quote(defaultAccept)}; expected ${listNames(OFFERED)}`,
    );
  }

  const invoke = async ({ header, body, signal }: Invocation): Promise<Answer> => {
    const ready = requireReady(model);
    const contentType = toEssence(header("content-type") ?? "");
    const decode = chooseDecoder(contentType);
    requireIdentity(header("content-encoding"));
    const mediaType = chooseMediaType(header("accept"), defaultAccept ?? contentType);
    const encode = ENCODERS.get(mediaType) as Encoder;
    if (Number(header("content-length") ?? 0) > maxBodyBytes) throw bodyTooLarge(maxBodyBytes);

    const rows = await decode(limitBody(body, maxBodyBytes), ready.input);
    if (signal.aborted) throw clientGone(signal.reason);
    const predictions = await ready.predict(rows, { signal });
    checkPredictions(predictions, rows);
    return { status: 200, headers: { "content-type": mediaType }, body: encode(predictions) };
  };

  return async (invocation) => {
    try {
      return await invoke(invocation);
    } catch (error) {
      return answerError(isAbort(error, invocation.signal) ? clientGone(error) : error);
    }
  };
};

const OFFERED: readonly string[] = [...ENCODERS.keys()];

const chooseDecoder = (contentType: string): Decoder => {
  const decode = DECODERS.get(contentType);
  if (decode !== undefined) return decode;
  const found = contentType === "" ? "none" : quote(contentType);
  throw new InvocationError(
    415,
    "UNSUPPORTED_CONTENT_TYPE",
    `expected a Content-Type of ${listNames([...DECODERS.keys()])}, found ${found}`,
  );
};

const requireIdentity = (contentEncoding = "identity"): void => {
  const encoding = contentEncoding.trim().toLowerCase();
  if (encoding === "identity" || encoding === "") return;
  throw new InvocationError(
    415,
    "UNSUPPORTED_CONTENT_ENCODING",
    `the body is compressed (Content-Encoding ${quote(encoding)}); send it uncompressed`,
  );
};

const chooseMediaType = (accept: string | undefined, wished: string): string => {
  const preferred = ENCODERS.has(wished) ? wished : FALLBACK_MEDIA_TYPE;
  const mediaType = negotiate(accept, { offered: OFFERED, preferred });
  if (mediaType !== undefined) return mediaType;
  throw new InvocationError(
    406,
    "NOT_ACCEPTABLE",
    `the Accept header is ${quote(accept ?? "")}; this container answers ${listNames(OFFERED)}`,
  );
};

/** What a prediction throws because its client has gone is no bug, and nobody reads the answer. */
const isAbort = (error: unknown, signal: AbortSignal): boolean =>
  signal.aborted &&
  (error === signal.reason || (error instanceof Error && error.name === "AbortError"));

/** A container that answers more or fewer rows than it was asked has a bug, which must not reach the client as an answer. */
const checkPredictions = (predictions: Predictions, { rows }: Matrix): void => {
  const answered = predictions.kind === "values" ? predictions.values : predictions.indices;
  if (answered.length !== rows) {
    throw new Error(`predict() answered ${answered.length} rows for ${rows} rows`);
  }
  if (predictions.kind === "values") return;
  const { classes, indices, probabilities } = predictions;
  if (indices.some((index) => index < 0 || index >= classes.length)) {
    throw new Error(`predict() answered the index of a class beyond its ${classes.length} classes`);
  }
  if (probabilities !== undefined && probabilities.length !== rows * classes.length) {
    throw new Error(
      `predict() answered ${probabilities.length} probabilities for ${rows} rows and ${classes.length} classes`,
    );
  }
};
