import { emptyBody } from "../body.ts";
import type { Body } from "../body.ts";
import type { InputDeclaration } from "../service.ts";
import type { Matrix } from "@byoc/table";
import { toMatrix } from "./instances.ts";
import { parseJson } from "./json.ts";
import { readText } from "./text.ts";

/**
 * One row a line, as `[5.1, 3.5]` or `{"features": [5.1, 3.5]}`; blank lines are passed over, but counted.
 *
 * @throws {InputError} `JSON_MALFORMED`, `JSON_SHAPE`, `JSON_COLUMN_COUNT` or `JSON_NOT_A_NUMBER`, with row and column.
 * @see https://jsonlines.org
 */
export const decodeJsonLines = async (body: Body, input: InputDeclaration): Promise<Matrix> => {
  const lines = (await readText(body)).split("\n");
  const instances: unknown[] = [];
  const rowNumbers: number[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    instances.push(parseJson(line, index + 1));
    rowNumbers.push(index + 1);
  }
  if (instances.length === 0) throw emptyBody();
  return toMatrix(instances, input, rowNumbers);
};
