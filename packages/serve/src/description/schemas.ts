import type { FeatureInput } from "../service.ts";
import type { OutputDeclaration } from "./described-service.ts";

/** A schema of JSON Schema 2020-12, as OpenAPI 3.1 uses it. */
export type Schema = Readonly<Record<string, unknown>>;

/** An object with these members, of which some must be there; others are passed over. */
const toObject = (properties: Schema, required: readonly string[]): Schema => ({
  type: "object",
  properties,
  required,
});

/** The one shape of an error on every route. */
export const ERROR_SCHEMA: Schema = toObject(
  {
    error: toObject(
      {
        code: { type: "string", description: "Stable, in UPPER_SNAKE." },
        message: { type: "string" },
        row: { type: "integer", minimum: 1 },
        column: { type: "integer", minimum: 1 },
      },
      ["code", "message"],
    ),
  },
  ["error"],
);

/** What GET /execution-parameters answers. */
export const EXECUTION_PARAMETERS_SCHEMA: Schema = toObject(
  {
    MaxConcurrentTransforms: { type: "integer", minimum: 1 },
    BatchStrategy: { const: "MULTI_RECORD" },
    MaxPayloadInMB: { type: "integer", minimum: 1, maximum: 100 },
  },
  ["MaxConcurrentTransforms", "BatchStrategy", "MaxPayloadInMB"],
);

/** One row of features: as many numbers as the model has columns, each with its name if it has one. */
export const toRowSchema = ({ columns, names, acceptsMissing }: FeatureInput): Schema => {
  const cell = { type: acceptsMissing === true ? ["number", "null"] : "number" };
  return {
    type: "array",
    minItems: columns,
    maxItems: columns,
    ...(names === undefined
      ? { items: cell }
      : { prefixItems: names.map((title) => ({ title, ...cell })), items: false }),
  };
};

/**
 * Every shape of a JSON request of rows.
 *
 * @param row Refers to {@link toRowSchema}.
 */
export const toRowsSchema = (row: Schema): Schema => {
  const features = toObject({ features: row }, ["features"]);
  const instance = { anyOf: [row, features] };
  const rows = { type: "array", minItems: 1, items: instance };
  const oneOrMany = { anyOf: [rows, row] };
  const frame = {
    columns: { type: "array", items: { type: "string" } },
    data: { type: "array", minItems: 1, items: row },
  };
  return {
    anyOf: [
      toObject({ instances: oneOrMany }, ["instances"]),
      toObject({ inputs: oneOrMany }, ["inputs"]),
      toObject({ dataframe_split: toObject(frame, ["data"]) }, ["dataframe_split"]),
      rows,
      row,
      features,
    ],
  };
};

/** One prediction in JSON: a label, with the probability of each if there are any, or a number. */
export const toPredictionSchema = (output: OutputDeclaration | undefined): Schema => {
  if (output === undefined) return { anyOf: [ANY_CLASS, VALUE] };
  if (output.kind === "values") return VALUE;
  const { classes, hasProbabilities } = output;
  const label = { type: "string", enum: classes };
  if (!hasProbabilities) return toObject({ label }, ["label"]);
  const probabilities = Object.fromEntries(classes.map((name) => [name, PROBABILITY]));
  return toObject({ label, probabilities: toObject(probabilities, classes) }, [
    "label",
    "probabilities",
  ]);
};

/** A prediction that {@link toPredictionSchema} allows. */
export const toExamplePrediction = (output: OutputDeclaration | undefined): Schema => {
  if (output?.kind !== "classes") return { value: 1.5 };
  const [label] = output.classes;
  if (!output.hasProbabilities) return { label };
  const toProbability = (name: string): [string, number] => [name, name === label ? 1 : 0];
  return { label, probabilities: Object.fromEntries(output.classes.map(toProbability)) };
};

/** JSON has no NaN: it is answered as null. */
const PROBABILITY: Schema = { type: ["number", "null"], minimum: 0, maximum: 1 };

const VALUE: Schema = toObject({ value: { type: ["number", "null"] } }, ["value"]);

const ANY_CLASS: Schema = toObject(
  {
    label: { type: "string" },
    probabilities: { type: "object", additionalProperties: PROBABILITY },
  },
  ["label"],
);
