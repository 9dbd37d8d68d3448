import { expect, test } from "vitest";
import { z } from "zod";
import { defineHyperparameters } from "./hyperparameters.ts";
import {
  toHyperParameterSpecifications,
  toMarkdownTable,
  toParameterRanges,
} from "./specification.ts";

const { parameters } = defineHyperparameters(
  z.object({
    depth: z.int().min(1).max(64).default(20).describe("Longest path").meta({ tunable: true }),
    leaves: z.int().positive().lt(100).meta({ tunable: true, scaling: "Logarithmic" }),
    rate: z.number().min(0.001).max(1).default(0.1).meta({ tunable: true, scaling: "Linear" }),
    momentum: z.number().gt(0).default(0.9).meta({ tunable: true }),
    criterion: z.enum(["gini", "a|b"]).default("gini").describe("Purity | cost\nof a split"),
    shuffle: z.boolean().default(true).meta({ tunable: true }),
    layers: z.array(z.int()).default([64, 32]),
    features: z.union([z.int(), z.enum(["auto"])]).optional(),
    names: z.string().default("").meta({ tunable: true }),
    weights: z.record(z.string(), z.number()).nullable().default(null),
  }),
);

const specifications = toHyperParameterSpecifications(parameters);

const find = (name: string) => specifications.find(({ Name }) => Name === name);

test("every parameter is specified as CreateAlgorithm wants it", () => {
  expect(find("depth")).toEqual({
    Name: "depth",
    Description: "Longest path",
    Type: "Integer",
    Range: { IntegerParameterRangeSpecification: { MinValue: "1", MaxValue: "64" } },
    IsTunable: true,
    IsRequired: false,
    DefaultValue: "20",
  });
  expect(find("rate")).toMatchObject({
    Type: "Continuous",
    Range: { ContinuousParameterRangeSpecification: { MinValue: "0.001", MaxValue: "1" } },
    DefaultValue: "0.1",
  });
  expect(find("shuffle")).toMatchObject({
    Type: "Categorical",
    Range: { CategoricalParameterRangeSpecification: { Values: ["true", "false"] } },
    DefaultValue: "true",
  });
});

test("what is required has no default", () => {
  expect(find("leaves")).toMatchObject({ IsRequired: true });
  expect(find("leaves")).not.toHaveProperty("DefaultValue");
  expect(find("features")).toMatchObject({ IsRequired: false });
  expect(find("features")).not.toHaveProperty("DefaultValue");
});

test("bounds that exclude themselves become the inclusive ones that SageMaker knows", () => {
  expect(find("leaves")?.Range).toEqual({
    IntegerParameterRangeSpecification: { MinValue: "1", MaxValue: "99" },
  });
});

test("a parameter without both ends has no range and is not tunable", () => {
  expect(find("momentum")).toMatchObject({ Type: "Continuous", IsTunable: false });
  expect(find("momentum")).not.toHaveProperty("Range");
});

test("what is no number, choice or truth is free text, and not tunable", () => {
  for (const name of ["layers", "features", "names", "weights"]) {
    expect(find(name)).toMatchObject({ Type: "FreeText", IsTunable: false });
  }
  expect(find("layers")?.DefaultValue).toBe("[64,32]");
  expect(find("weights")?.DefaultValue).toBe("null");
});

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterSpecification.html */
test("no text holds a character that CreateAlgorithm refuses", () => {
  for (const { Name, Description } of specifications) {
    expect(Name).toMatch(/^[\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}]{0,256}$/u);
    expect(Description).toMatch(/^[\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}]{0,1024}$/u);
  }
  expect(find("criterion")?.Description).toBe("Purity | cost of a split");
});

test("a tuning job gets the ranges of what is tunable", () => {
  expect(toParameterRanges(parameters)).toEqual({
    IntegerParameterRanges: [
      { Name: "depth", MinValue: "1", MaxValue: "64", ScalingType: "Auto" },
      { Name: "leaves", MinValue: "1", MaxValue: "99", ScalingType: "Logarithmic" },
    ],
    ContinuousParameterRanges: [
      { Name: "rate", MinValue: "0.001", MaxValue: "1", ScalingType: "Linear" },
    ],
    CategoricalParameterRanges: [{ Name: "shuffle", Values: ["true", "false"] }],
  });
});

test("a value that the specification gives as default is read back", () => {
  for (const { name, defaultValue } of parameters) {
    const text = find(name)?.DefaultValue;
    if (text === undefined || text === "") continue;
    const declaration = defineHyperparameters(z.object({ [name]: z.any().optional() }));
    const value = (declaration.read({ [name]: text }) as Record<string, unknown>)[name];
    expect(value ?? null).toEqual(defaultValue);
  }
});

test("the table has a line for each parameter, whatever their texts hold", () => {
  expect(toMarkdownTable(parameters)).toBe(
    [
      "| Name | Type | Default | Allowed | Tunable | Meaning |",
      "| --- | --- | --- | --- | --- | --- |",
      "| `depth` | integer | `20` | 1 to 64 | yes | Longest path |",
      "| `leaves` | integer | required | above 0 and below 100 | yes |  |",
      "| `rate` | number | `0.1` | 0.001 to 1 | yes |  |",
      "| `momentum` | number | `0.9` | above 0 | yes |  |",
      String.raw`| \`criterion\` | choice | \`gini\` | gini, a\|b |  | Purity \| cost of a split |`.replaceAll(
        "\\`",
        "`",
      ),
      "| `shuffle` | boolean | `true` | true, false | yes |  |",
      "| `layers` | list of integer | `[64,32]` |  |  |  |",
      "| `features` | integer or choice |  |  |  |  |",
      "| `names` | text | empty |  | yes |  |",
      "| `weights` | json | `null` |  |  |  |",
    ].join("\n"),
  );
});
