import { type Matrix, readFeatureTable } from "@byoc/table";
import type { Body } from "../body.ts";
import type { InputDeclaration } from "../service.ts";

/**
 * Rows of numbers with commas between them; a header row may come first.
 *
 * @throws {InputError} with the codes of `@byoc/table`, row and column.
 */
export const decodeCsv = async (
  body: Body,
  { columns, names }: InputDeclaration,
): Promise<Matrix> => {
  const source = { name: "request body", stream: () => body };
  const declared = names === undefined ? { columns } : { columns, featureNames: names };
  const { features } = await readFeatureTable(source, declared);
  return features;
};
