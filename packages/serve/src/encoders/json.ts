import type { Encoder } from "../format.ts";
import { writeJsonRows } from "./json-rows.ts";
import { collectBody, collectText } from "./text-sink.ts";

const BEGIN = '{"predictions":[';
const END = "]}";

/** `{"predictions": [{"label": "setosa", "probabilities": {"setosa": 1}}]}`, or `{"value": 1.5}` for each row. */
export const jsonEncoder: Encoder = {
  encode: (predictions) =>
    collectBody((add) => {
      add(BEGIN);
      writeJsonRows(predictions, { before: ",", after: "" }, add);
      add(END);
    }),
  stream: {
    begin: BEGIN,
    separator: ",",
    end: END,
    encodePart: (predictions) =>
      collectText((add) => writeJsonRows(predictions, { before: ",", after: "" }, add)),
  },
};
