import type { ParameterType } from "./parameter.ts";
import { parsePythonLiteral } from "./python-literal.ts";

/** A text that could be read as its declared type, or one that could not. */
export type Decoded = { readonly ok: true; readonly value: unknown } | { readonly ok: false };

const FAILED: Decoded = { ok: false };

const done = (value: unknown): Decoded => ({ ok: true, value });

/**
 * Reads a hyperparameter from any of the encodings that clients send; the declared type decides.
 *
 * The raw API sends `adam`, `true`; version 2 of the Python SDK sends `"adam"`, `True`, `None`, `['a', 'b']`; version 3
 * sends JSON. Undefined as the value means "not given".
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
 */
export const decode = (type: ParameterType, raw: string): Decoded => {
  if (isNotGiven(raw) && !isNamed(type, raw.trim())) return done(undefined);
  return decodeAs(type, removeJsonQuotes(raw));
};

/** `None` of Python and `null` of JSON: the client had no value for it. */
const isNotGiven = (raw: string): boolean => /^\s*(?:None|null)\s*$/u.test(raw);

/** A choice that lists the word itself means it: `z.enum(["None", "balanced"])`. */
const isNamed = (type: ParameterType, word: string): boolean =>
  (type.kind === "choice" && type.values.includes(word)) ||
  (type.kind === "either" && type.types.some((alternative) => isNamed(alternative, word)));

/** Removes one JSON layer, and only from a quoted JSON string: every other text keeps its characters. */
const removeJsonQuotes = (raw: string): string => {
  if (!/^\s*".*"\s*$/su.test(raw)) return raw;
  const value = parseJson(raw);
  return typeof value === "string" ? value : raw;
};

const decodeAs = (type: ParameterType, text: string): Decoded => {
  switch (type.kind) {
    case "text":
      return done(text);
    case "integer":
      return decodeInteger(text);
    case "number":
      return decodeNumber(text);
    case "boolean":
      return decodeBoolean(text);
    case "choice":
      return decodeChoice(type.values, text);
    case "list":
      return decodeList(type.item, text);
    case "either":
      return decodeEither(type.types, text);
    case "json":
      return decodeStructure(text);
  }
};

const DECIMAL = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*$/iu;

const decodeNumber = (text: string): Decoded => (DECIMAL.test(text) ? done(Number(text)) : FAILED);

/** `5.0` and `5e0` are the integer 5; `5.5` is none, and may still be a text where both are allowed. */
const decodeInteger = (text: string): Decoded => {
  const decoded = decodeNumber(text);
  return decoded.ok && Number.isInteger(decoded.value) ? decoded : FAILED;
};

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...["true", "1", "yes", "on"].map((word) => [word, true] as const),
  ...["false", "0", "no", "off"].map((word) => [word, false] as const),
]);

const decodeBoolean = (text: string): Decoded => {
  const value = BOOLEANS.get(text.trim().toLowerCase());
  return value === undefined ? FAILED : done(value);
};

const decodeChoice = (values: readonly (string | number | boolean)[], text: string): Decoded => {
  const matches = (value: string | number | boolean): boolean => {
    if (typeof value === "string") return value === text;
    const decoded = typeof value === "number" ? decodeNumber(text) : decodeBoolean(text);
    return decoded.ok && decoded.value === value;
  };
  const found = values.find(matches);
  return found === undefined ? FAILED : done(found);
};

const decodeList = (item: ParameterType, text: string): Decoded => {
  const value = parseStructure(text);
  if (!Array.isArray(value)) return FAILED;
  const items = value.map((entry: unknown) => decodeItem(item, entry));
  return items.every((decoded) => decoded.ok) ? done(items.map(({ value: of }) => of)) : FAILED;
};

/**
 * An item keeps the type that its literal has; a quoted one is read as any text is: `["1", "2"]` may be integers.
 *
 * Whether an item may be null, and what a nested value may hold, the schema judges.
 */
const decodeItem = (item: ParameterType, entry: unknown): Decoded => {
  if (entry === null || item.kind === "json") return done(entry);
  if (item.kind === "text") return typeof entry === "number" ? done(String(entry)) : done(entry);
  return decodeAs(item, typeof entry === "string" ? entry : JSON.stringify(entry));
};

const decodeEither = (types: readonly ParameterType[], text: string): Decoded => {
  // Text takes everything, so the stricter types are asked first.
  const strictFirst = types.toSorted((left, right) => looseness(left) - looseness(right));
  for (const type of strictFirst) {
    const decoded = decodeAs(type, text);
    if (decoded.ok) return decoded;
  }
  return FAILED;
};

const looseness = ({ kind }: ParameterType): number =>
  kind === "text" ? 2 : kind === "json" ? 1 : 0;

/** A text that is no structure stays one: the schema judges whether it may be. */
const decodeStructure = (text: string): Decoded => done(parseStructure(text) ?? text);

const parseStructure = (text: string): unknown => parseJson(text) ?? parsePythonLiteral(text);

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
