import { type Channel, InputError } from "@byoc/opt-ml";
import { type Matrix, readLabelledTable } from "@byoc/table";
import type { Settings } from "./hyperparameters.ts";

/** Labelled rows, ready to learn from. */
export interface Dataset {
  /** Rows × features, float64. */
  readonly features: Matrix;
  /** For each row the index of its label in `classes`, int32. */
  readonly labels: Int32Array;
  /** The labels as they were written. */
  readonly classes: readonly string[];
  /** Undefined when neither a header nor a hyperparameter gave them. */
  readonly featureNames: readonly string[] | undefined;
}

/**
 * Reads a channel of CSV with the label in the first column.
 *
 * @param known The training data, when this is data to evaluate on: its classes keep their indices, its columns count.
 * @throws InputError CSV_… for a bad cell, row or file; DATASET_COLUMNS when `known` has another number of columns
 */
export const readDataset = async (channel: Channel, known?: Dataset): Promise<Dataset> => {
  const { features, labels, featureNames } = await readLabelledTable(channel.sources());
  if (known !== undefined && known.features.columns !== features.columns) {
    const problem = `found ${features.columns} feature columns, expected ${known.features.columns} as in the training data`;
    throw new InputError("DATASET_COLUMNS", problem, { file: channel.name });
  }
  const classes = listClasses(labels, known?.classes);
  const indices = new Map(classes.map((label, index) => [label, index]));
  return {
    features,
    labels: Int32Array.from(labels, (label) => indices.get(label) ?? 0),
    classes,
    featureNames: known?.featureNames ?? featureNames,
  };
};

/**
 * Gives the columns the names that the hyperparameter says, if it says any.
 *
 * @throws InputError FEATURE_NAMES when their number is not that of the columns
 */
export const nameFeatures = (data: Dataset, { feature_names: names }: Settings): Dataset => {
  if (names === undefined) return data;
  if (names.length === data.features.columns) return { ...data, featureNames: names };
  const problem = `hyperparameter feature_names has ${names.length} names, the data has ${data.features.columns} feature columns`;
  throw new InputError("FEATURE_NAMES", problem);
};

/**
 * Holds out a part of each class, chosen by the seed; every class keeps at least one row to learn from.
 *
 * @returns the rows to learn from and the rows held out, both in their old order
 */
export const splitStratified = (
  data: Dataset,
  { validation_fraction: fraction, seed }: Settings,
): [training: Dataset, validation: Dataset] => {
  const random = createRandom(seed);
  const isHeldOut = new Uint8Array(data.labels.length);
  for (const rows of groupRows(data)) {
    shuffle(rows, random);
    const count = Math.min(Math.round(rows.length * fraction), rows.length - 1);
    for (const row of rows.slice(0, count)) isHeldOut[row] = 1;
  }
  return [
    selectRows(data, (row) => isHeldOut[row] === 0),
    selectRows(data, (row) => isHeldOut[row] === 1),
  ];
};

/** Known classes first; new ones after them, numbers by value and texts by their characters. */
const listClasses = (
  labels: readonly string[],
  known: readonly string[] = [],
): readonly string[] => {
  const added = [...new Set(labels)].filter((label) => !known.includes(label));
  const areNumbers = added.every((label) => Number.isFinite(Number(label)));
  return [
    ...known,
    ...(areNumbers ? added.toSorted((a, b) => Number(a) - Number(b)) : added.toSorted()),
  ];
};

const groupRows = ({ labels, classes }: Dataset): readonly number[][] => {
  const groups: number[][] = classes.map(() => []);
  labels.forEach((label, row) => groups[label]?.push(row));
  return groups;
};

const selectRows = (data: Dataset, isSelected: (row: number) => boolean): Dataset => {
  const rows = Array.from(data.labels.keys()).filter(isSelected);
  const { columns, values } = data.features;
  const selected = new Float64Array(rows.length * columns);
  rows.forEach((row, index) => {
    selected.set(values.subarray(row * columns, (row + 1) * columns), index * columns);
  });
  return {
    ...data,
    features: { values: selected, rows: rows.length, columns },
    labels: Int32Array.from(rows, (row) => data.labels[row] ?? 0),
  };
};

/** Fisher and Yates. */
const shuffle = (rows: number[], random: () => number): void => {
  for (let last = rows.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [rows[last], rows[other]] = [rows[other] ?? 0, rows[last] ?? 0];
  }
};

/** Mulberry32: the same numbers from 0 up to 1 for the same seed, on every machine. */
const createRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};
