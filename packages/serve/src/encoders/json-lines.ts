import type { Encoder } from "../format.ts";
import type { Predictions } from "../service.ts";
import { writeJsonRows } from "./json-rows.ts";
import { type AddText, collectBody, collectText } from "./text-sink.ts";

/**
 * One JSON object a line for each row, as in `predictions` of the JSON answer.
 *
 * @see https://jsonlines.org
 */
export const jsonLinesEncoder: Encoder = {
  encode: (predictions) => collectBody((add) => writeLines(predictions, add)),
  stream: {
    begin: "",
    separator: "",
    end: "",
    encodePart: (predictions) => collectText((add) => writeLines(predictions, add)),
  },
};

const writeLines = (predictions: Predictions, add: AddText): void =>
  writeJsonRows(predictions, { before: "", after: "\n" }, add);
