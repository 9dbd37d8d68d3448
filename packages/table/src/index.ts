export type { ExpectedColumns } from "./expected-columns.ts";
export { readFeatureTable } from "./feature-table.ts";
export { readLabelledTable } from "./labelled-table.ts";
export type { Matrix } from "./matrix.ts";
export { parseNumber } from "./number.ts";
export type { Source } from "./source.ts";
export type { FeatureTable, LabelledTable } from "./tables.ts";
