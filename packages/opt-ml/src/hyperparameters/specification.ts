import type { Parameter, ParameterType } from "./parameter.ts";
import { describeBounds } from "./describe-type.ts";

/**
 * One entry of `TrainingSpecification.SupportedHyperParameters` in CreateAlgorithm.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterSpecification.html
 */
export interface HyperParameterSpecification {
  readonly Name: string;
  readonly Description: string;
  readonly Type: "Integer" | "Continuous" | "Categorical" | "FreeText";
  readonly Range?: {
    readonly IntegerParameterRangeSpecification?: RangeSpecification;
    readonly ContinuousParameterRangeSpecification?: RangeSpecification;
    readonly CategoricalParameterRangeSpecification?: { readonly Values: readonly string[] };
  };
  readonly IsTunable: boolean;
  readonly IsRequired: boolean;
  readonly DefaultValue?: string;
}

interface RangeSpecification {
  readonly MinValue: string;
  readonly MaxValue: string;
}

/**
 * `ParameterRanges` of a tuning job.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ParameterRanges.html
 */
export interface ParameterRanges {
  readonly IntegerParameterRanges: readonly ScaledRange[];
  readonly ContinuousParameterRanges: readonly ScaledRange[];
  readonly CategoricalParameterRanges: readonly {
    readonly Name: string;
    readonly Values: readonly string[];
  }[];
}

interface ScaledRange extends RangeSpecification {
  readonly Name: string;
  readonly ScalingType: string;
}

/** The declaration as CreateAlgorithm wants it. */
export const toHyperParameterSpecifications = (
  parameters: readonly Parameter[],
): readonly HyperParameterSpecification[] => parameters.map(toSpecification);

/** The ranges of the parameters declared `tunable`, as CreateHyperParameterTuningJob wants them. */
export const toParameterRanges = (parameters: readonly Parameter[]): ParameterRanges => {
  const specifications = toHyperParameterSpecifications(parameters);
  const tunable = parameters.flatMap((parameter, index) => {
    const range = specifications[index]?.Range;
    return parameter.isTunable && range !== undefined ? [{ parameter, range }] : [];
  });
  const scaled = (
    key: "IntegerParameterRangeSpecification" | "ContinuousParameterRangeSpecification",
  ): ScaledRange[] =>
    tunable.flatMap(({ parameter, range }) => {
      const bounds = range[key];
      return bounds ? [{ Name: parameter.name, ...bounds, ScalingType: parameter.scaling }] : [];
    });
  return {
    IntegerParameterRanges: scaled("IntegerParameterRangeSpecification"),
    ContinuousParameterRanges: scaled("ContinuousParameterRangeSpecification"),
    CategoricalParameterRanges: tunable.flatMap(({ parameter, range }) => {
      const values = range.CategoricalParameterRangeSpecification?.Values;
      return values ? [{ Name: parameter.name, Values: values }] : [];
    }),
  };
};

/** The declaration as a Markdown table for a container's README. */
export const toMarkdownTable = (parameters: readonly Parameter[]): string => {
  const rows = parameters.map(
    ({ name, type, defaultValue, isRequired, isTunable, description }) => [
      `\`${name}\``,
      nameType(type),
      isRequired ? "required" : describeDefault(defaultValue),
      describeBounds(type),
      isTunable ? "yes" : "",
      description,
    ],
  );
  const header = ["Name", "Type", "Default", "Allowed", "Tunable", "Meaning"];
  const lines = [header, header.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.map(toCell).join(" | ")} |`).join("\n");
};

const describeDefault = (value: unknown): string => {
  if (value === undefined) return "";
  return value === "" ? "empty" : `\`${toText(value)}\``;
};

/** A bar inside a cell is no border of it. */
const toCell = (text: string): string => toLine(text).replaceAll("|", String.raw`\|`);

/** CreateAlgorithm refuses control characters, and a table has one line for a row. */
const toLine = (text: string): string => text.replaceAll(/[\s\p{C}]+/gu, " ").trim();

const toSpecification = (parameter: Parameter): HyperParameterSpecification => {
  const { name, description, isRequired, defaultValue } = parameter;
  const range = toRange(parameter.type);
  return {
    Name: name,
    Description: toLine(description),
    Type: toSageMakerType(parameter.type),
    ...(range === undefined ? {} : { Range: range }),
    IsTunable: parameter.isTunable && range !== undefined,
    IsRequired: isRequired,
    ...(defaultValue === undefined ? {} : { DefaultValue: toText(defaultValue) }),
  };
};

const toSageMakerType = ({ kind }: ParameterType): HyperParameterSpecification["Type"] => {
  if (kind === "integer") return "Integer";
  if (kind === "number") return "Continuous";
  return kind === "boolean" || kind === "choice" ? "Categorical" : "FreeText";
};

/** SageMaker's ranges are inclusive and need both ends; a parameter without them has no range. */
const toRange = (type: ParameterType): HyperParameterSpecification["Range"] => {
  if (type.kind === "boolean") return toCategories(["true", "false"]);
  if (type.kind === "choice") return toCategories(type.values.map(String));
  if (type.kind !== "integer" && type.kind !== "number") return undefined;
  if (type.min === undefined || type.max === undefined) return undefined;
  if (type.kind === "number") {
    const bounds = { MinValue: String(type.min), MaxValue: String(type.max) };
    return { ContinuousParameterRangeSpecification: bounds };
  }
  const min = type.isMinExclusive ? type.min + 1 : type.min;
  const max = type.isMaxExclusive ? type.max - 1 : type.max;
  return {
    IntegerParameterRangeSpecification: { MinValue: String(min), MaxValue: String(max) },
  };
};

const toCategories = (values: readonly string[]): HyperParameterSpecification["Range"] => ({
  CategoricalParameterRangeSpecification: { Values: values },
});

const toText = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value);

const nameType = (type: ParameterType): string => {
  if (type.kind === "list") return `list of ${nameType(type.item)}`;
  return type.kind === "either" ? type.types.map(nameType).join(" or ") : type.kind;
};
