import type { Predictions } from "../service.ts";
import { joinPredictions } from "./predictions.ts";

/** `{"predictions": [{"label": "setosa", "probabilities": {"setosa": 1}}]}`, or `{"value": 1.5}` for each row. */
export const encodeJson = (predictions: Predictions): string =>
  `{"predictions":[${joinPredictions(predictions, ",")}]}`;
