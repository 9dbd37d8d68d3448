import { listNames } from "@byoc/errors";
import type { ParameterType } from "./parameter.ts";

/** What a value may be, in the words of an error message: `an integer from 1 to 64`. */
export const describeType = (type: ParameterType): string => {
  switch (type.kind) {
    case "integer":
      return `an integer${describeRange(type)}`;
    case "number":
      return `a number${describeRange(type)}`;
    case "boolean":
      return "true or false";
    case "text":
      return "a text";
    case "choice":
      return type.values.length === 1
        ? `${type.values[0]}`
        : `one of ${listNames(type.values.map(String))}`;
    case "list":
      return `a list, such as ${type.item.kind === "text" ? '["a", "b"]' : "[1, 2]"}, each item ${describeType(type.item)}`;
    case "either":
      return type.types.map(describeType).join(", or ");
    case "json":
      return "a JSON value";
  }
};

/** The bounds alone, for a table: `1 to 64`, `above 0`; empty when there are none. */
export const describeBounds = (type: ParameterType): string => {
  if (type.kind === "choice") return type.values.join(", ");
  if (type.kind === "boolean") return "true, false";
  return type.kind === "integer" || type.kind === "number"
    ? describeRange(type)
        .trim()
        .replace(/^from /u, "")
    : "";
};

const describeRange = ({
  min,
  max,
  isMinExclusive,
  isMaxExclusive,
}: Extract<ParameterType, { kind: "integer" | "number" }>): string => {
  const lower = min === undefined ? undefined : isMinExclusive ? `above ${min}` : `from ${min}`;
  const upper = max === undefined ? undefined : isMaxExclusive ? `below ${max}` : `to ${max}`;
  if (lower === undefined && upper === undefined) return "";
  if (lower === undefined) return isMaxExclusive ? ` ${upper}` : ` up to ${max}`;
  if (upper === undefined) return isMinExclusive ? ` ${lower}` : ` ${lower} upwards`;
  return isMinExclusive || isMaxExclusive
    ? ` ${lower} and ${isMaxExclusive ? upper : `up to ${max}`}`
    : ` ${lower} ${upper}`;
};
