import { InputError, quote } from "@byoc/errors";

/** A model as it is named from outside. */
export interface NamedModel {
  /** SageMaker's own name for the model, opaque and often a hash; not what the client calls it. */
  readonly name: string;
  /** The folder with its files, as it was sent. */
  readonly url: string;
}

/** What SageMaker's names keep within by far: 1,024 characters. */
const MAX_NAME_CHARACTERS = 1024;
const MAX_URL_CHARACTERS = 4096;

/**
 * Reads the body of POST /models: `{"model_name": "…", "url": "/opt/ml/models/…/model"}`; other members are passed over.
 *
 * @throws {InputError} `MODEL_REQUEST_INVALID` says which member is wrong, and what it holds.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/mms-container-apis.html#multi-model-api-load-model
 */
export const parseLoadRequest = (bytes: Uint8Array): NamedModel => {
  const body = parseObject(bytes);
  const name = requireText(body, "model_name", MAX_NAME_CHARACTERS);
  if (!name.isWellFormed()) throw invalid(`"model_name" is ${quote(name)}, half of a character`);
  return { name, url: requireText(body, "url", MAX_URL_CHARACTERS) };
};

const parseObject = (bytes: Uint8Array): Readonly<Record<string, unknown>> => {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw invalid(`the body is not JSON in UTF-8: ${(cause as Error).message}`, cause);
  }
  if (typeof body === "object" && body !== null && !Array.isArray(body)) {
    return body as Readonly<Record<string, unknown>>;
  }
  throw invalid(`the body is ${quote(JSON.stringify(body))}, not an object`);
};

const requireText = (
  body: Readonly<Record<string, unknown>>,
  member: string,
  maxCharacters: number,
): string => {
  const value = Object.hasOwn(body, member) ? body[member] : undefined;
  if (typeof value !== "string" || value === "") {
    const found = value === undefined ? "missing" : quote(JSON.stringify(value));
    throw invalid(`"${member}" is ${found}; expected text`);
  }
  if (value.length > maxCharacters) {
    throw invalid(`"${member}" has ${value.length} characters; at most ${maxCharacters} are taken`);
  }
  return value;
};

const invalid = (problem: string, cause?: unknown): InputError =>
  new InputError(
    "MODEL_REQUEST_INVALID",
    `${problem}; expected {"model_name": "<name>", "url": "/opt/ml/models/<name>/model"}`,
    { cause },
  );
