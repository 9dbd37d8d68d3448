import { defineHyperparameters, type ValuesOf } from "@byoc/opt-ml";
import { z } from "zod";

const MAX_SEED = 2 ** 32 - 1;

const schema = z.object({
  max_depth: z
    .int()
    .min(1)
    .max(100)
    .default(20)
    .describe("Most splits from the root to a leaf")
    .meta({ tunable: true }),
  min_num_samples: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(3)
    .describe("A node with this many rows or fewer is not split")
    .meta({ tunable: true, scaling: "Logarithmic" }),
  gain_threshold: z
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .describe("A split must lower the Gini impurity by more than this")
    .meta({ tunable: true }),
  validation_fraction: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.2)
    .describe("Share of each class held out when there is no validation channel"),
  seed: z
    .int()
    .min(0)
    .max(MAX_SEED)
    .default(42)
    .describe("Decides which rows are held out; the same seed, the same rows"),
  feature_names: z
    .array(z.string().min(1))
    .refine((names) => new Set(names).size === names.length, "each name must be there once")
    .optional()
    .describe("Names of the feature columns, in order; default: the header row, if there is one"),
});

/** What the training can be told, as SageMaker's hyperparameters. */
export const hyperparameters = defineHyperparameters(schema, {
  unsupported: {
    max_leaf_nodes:
      "ml-cart cannot limit the number of leaves; use max_depth (a tree of depth d has at most 2^d leaves)",
  },
});

/** The hyperparameters as they were read and checked. */
export type Settings = ValuesOf<typeof hyperparameters>;
