import type { Predictions } from "../service.ts";
import { joinPredictions } from "./predictions.ts";

/**
 * One JSON object a line for each row, as in `predictions` of the JSON answer.
 *
 * @see https://jsonlines.org
 */
export const encodeJsonLines = (predictions: Predictions): string =>
  `${joinPredictions(predictions, "\n")}\n`;
