import { isJsonObject, type JsonObject } from "../config-file.ts";

/** How the text of a hyperparameter is read, and what it may be. Bounds are inclusive unless `exclusive…`. */
export type ParameterType =
  | {
      readonly kind: "integer" | "number";
      readonly min: number | undefined;
      readonly max: number | undefined;
      readonly isMinExclusive: boolean;
      readonly isMaxExclusive: boolean;
    }
  | { readonly kind: "boolean" }
  | { readonly kind: "text" }
  | { readonly kind: "choice"; readonly values: readonly (string | number | boolean)[] }
  | { readonly kind: "list"; readonly item: ParameterType }
  | { readonly kind: "either"; readonly types: readonly ParameterType[] }
  | { readonly kind: "json" };

/** One declared hyperparameter. */
export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  readonly description: string;
  readonly isRequired: boolean;
  /** `None` of Python and `null` of JSON are a value of their own; otherwise they mean "not given". */
  readonly isNullable: boolean;
  /** Undefined when it has none. */
  readonly defaultValue: unknown;
  /** May be searched by a tuning job: `.meta({ tunable: true })`. */
  readonly isTunable: boolean;
  /** How a tuning job searches a range: `.meta({ scaling: "Logarithmic" })`; `Auto` when not said. */
  readonly scaling: string;
}

/** Lists the parameters of a JSON Schema of type object, as zod exports it. */
export const toParameters = (schema: JsonObject): readonly Parameter[] => {
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
  return Object.entries(properties)
    .filter((entry): entry is [string, JsonObject] => isJsonObject(entry[1]))
    .map(([name, property]) => ({
      name,
      type: toType(property),
      description: typeof property["description"] === "string" ? property["description"] : "",
      isRequired: required.includes(name),
      isNullable: isNullable(property),
      defaultValue: property["default"],
      isTunable: property["tunable"] === true,
      scaling: typeof property["scaling"] === "string" ? property["scaling"] : "Auto",
    }));
};

const toType = (property: JsonObject): ParameterType => {
  if (Array.isArray(property["enum"])) return { kind: "choice", values: property["enum"] };
  if ("const" in property) return toType({ enum: [property["const"]] });
  if (Array.isArray(property["anyOf"])) return toEither(property["anyOf"].filter(isJsonObject));
  if (Array.isArray(property["type"])) {
    return toEither(property["type"].map((type: unknown) => ({ ...property, type })));
  }
  switch (property["type"]) {
    case "integer":
    case "number":
      return toNumeric(property["type"], property);
    case "boolean":
      return { kind: "boolean" };
    case "string":
      return { kind: "text" };
    case "array":
      return {
        kind: "list",
        item: isJsonObject(property["items"]) ? toType(property["items"]) : { kind: "json" },
      };
    default:
      return { kind: "json" };
  }
};

const isNullable = ({ type, anyOf }: JsonObject): boolean =>
  type === "null" ||
  (Array.isArray(type) && type.includes("null")) ||
  (Array.isArray(anyOf) && anyOf.filter(isJsonObject).some(isNullable));

/** `null` is no type of its own but a property of the parameter. */
const toEither = (alternatives: readonly JsonObject[]): ParameterType => {
  const types = alternatives.filter(({ type }) => type !== "null").map(toType);
  const [only] = types;
  return types.length === 1 && only !== undefined ? only : { kind: "either", types };
};

const toNumeric = (kind: "integer" | "number", property: JsonObject): ParameterType => {
  const exclusiveMin = toBound(property["exclusiveMinimum"]);
  const exclusiveMax = toBound(property["exclusiveMaximum"]);
  return {
    kind,
    min: exclusiveMin ?? toBound(property["minimum"]),
    max: exclusiveMax ?? toBound(property["maximum"]),
    isMinExclusive: exclusiveMin !== undefined,
    isMaxExclusive: exclusiveMax !== undefined,
  };
};

/** The safe integers are zod's own bounds of an integer, not the author's. */
const toBound = (value: unknown): number | undefined =>
  typeof value === "number" && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined;
