import { InputError, listNames, quote } from "@byoc/errors";
import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";
import type { JsonObject } from "../config-file.ts";
import { decode } from "./decode.ts";
import { describeType } from "./describe-type.ts";
import { type Parameter, type ParameterType, toParameters } from "./parameter.ts";

/** A container's hyperparameters: the one declaration from which reading, tables and specifications follow. */
export interface Hyperparameters<Values> {
  readonly parameters: readonly Parameter[];
  /**
   * Reads hyperparameters.json from any of the encodings that clients send.
   *
   * @throws InputError HYPERPARAMETERS that lists every problem: name, text received, what is allowed
   */
  read(raw: JsonObject): Values;
}

/** The values that a declaration reads: `ValuesOf<typeof hyperparameters>`. */
export type ValuesOf<Declaration> =
  Declaration extends Hyperparameters<infer Values> ? Values : never;

/** What a declaration may say beside its schema. */
export interface HyperparametersOptions {
  /** Names that people bring from elsewhere, each with what to use instead. */
  readonly unsupported?: Readonly<Record<string, string>>;
}

/**
 * Declares a container's hyperparameters with a zod schema: type, range, default and description of each.
 *
 * `.meta({ tunable: true, scaling: "Logarithmic" })` opens one to tuning jobs; `.refine(…)` on the object checks values
 * together.
 *
 * @example
 * defineHyperparameters(z.object({ max_depth: z.int().min(1).max(64).default(20).describe("Longest path") }));
 */
export const defineHyperparameters = <Shape extends z.core.$ZodShape>(
  schema: z.ZodObject<Shape>,
  { unsupported = {} }: HyperparametersOptions = {},
): Hyperparameters<z.output<z.ZodObject<Shape>>> => {
  const parameters = toParameters(z.toJSONSchema(schema, { io: "input" }) as JsonObject);
  return {
    parameters,
    read(raw) {
      const texts = toTexts(raw);
      const problems = [...findUnknown(parameters, texts, unsupported)];
      const values: Record<string, unknown> = {};
      const undecoded = new Set<string>();
      for (const { name, type, isNullable } of parameters) {
        const text = texts.get(name);
        if (text === undefined) continue;
        const decoded = decode(type, text);
        if (!decoded.ok) {
          undecoded.add(name);
          // Fails in the schema too, so that no check of several values runs with a default in its place.
          values[name] = text;
        } else if (decoded.value !== undefined) values[name] = decoded.value;
        else if (isNullable) values[name] = null;
      }
      const parsed = schema.safeParse(values);
      const issues = parsed.success ? [] : parsed.error.issues;
      for (const parameter of parameters) {
        const issue = issues.find(({ path }) => path[0] === parameter.name);
        if (issue === undefined && !undecoded.has(parameter.name)) continue;
        problems.push(describeProblem(parameter, texts.get(parameter.name), issue));
      }
      for (const issue of issues) if (issue.path.length === 0) problems.push(issue.message);
      if (!parsed.success || problems.length > 0) throw toError(problems);
      return parsed.data;
    },
  };
};

/** Values are texts in every real job; a tree made by hand may hold numbers and lists. */
const toTexts = (raw: JsonObject): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(raw).map(([name, value]) => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );

/** Names that SageMaker and its SDKs add by themselves. */
const isReserved = (name: string): boolean => name.startsWith("_") || name.startsWith("sagemaker_");

const findUnknown = function* (
  parameters: readonly Parameter[],
  texts: ReadonlyMap<string, string>,
  unsupported: Readonly<Record<string, string>>,
): Generator<string> {
  const known = parameters.map(({ name }) => name);
  for (const name of texts.keys()) {
    if (known.includes(name) || isReserved(name)) continue;
    const advice = Object.hasOwn(unsupported, name) ? unsupported[name] : suggest(name, known);
    yield `${quote(name).slice(1, -1)}: ${advice}`;
  }
};

const suggest = (name: string, known: readonly string[]): string => {
  if (known.length === 0) return "is unknown: this container has no hyperparameters";
  const nearest = findNearest(name, known);
  return nearest !== undefined
    ? `is unknown; did you mean ${nearest}?`
    : `is unknown; this container knows ${listNames(known, { conjunction: "and" })}`;
};

/** `maxDepth`, `max-depth` and `MAX_DEPTH` are as near to `max_depth` as a slip of the finger. */
const findNearest = (name: string, known: readonly string[]): string | undefined => {
  const simple = known.map(simplify);
  const nearest = closest(simplify(name), simple);
  const isNear = distance(simplify(name), nearest) <= Math.max(2, Math.ceil(nearest.length / 3));
  return isNear ? known[simple.indexOf(nearest)] : undefined;
};

const simplify = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");

const describeProblem = (
  { name, type }: Parameter,
  text: string | undefined,
  issue: z.core.$ZodIssue | undefined,
): string => {
  const expected = describeType(type);
  if (issue?.code === "custom") {
    return text === undefined
      ? `${name}: ${issue.message}`
      : `${name}: received ${quote(text)}; ${issue.message}`;
  }
  if (text === undefined) return `${name}: is required; expected ${expected}`;
  const found = `${name}: received ${quote(text)}, expected ${expected}`;
  return issue === undefined || isSaidByType(issue, type) ? found : `${found} (${issue.message})`;
};

/** Where the type does not say what is wrong (a pattern, a length, a number too large to be exact), zod's words do. */
const isSaidByType = ({ code }: z.core.$ZodIssue, type: ParameterType): boolean => {
  if (code === "too_small") return "min" in type && type.min !== undefined;
  if (code === "too_big") return "max" in type && type.max !== undefined;
  return ["invalid_type", "invalid_value", "invalid_union"].includes(code);
};

const toError = (problems: readonly string[]): InputError => {
  const [only] = problems;
  const text =
    problems.length === 1
      ? `hyperparameter ${only}`
      : `${problems.length} hyperparameters are wrong:\n${problems.map((problem) => `- ${problem}`).join("\n")}`;
  return new InputError("HYPERPARAMETERS", text);
};
