export { evaluateClassification } from "./classification.ts";
export type {
  ClassificationEvaluation,
  ClassificationResults,
  ClassScores,
} from "./classification.ts";
export { confusionMatrixToSvg } from "./confusion-matrix-svg.ts";
export type { PictureOptions } from "./confusion-matrix-svg.ts";
export { formatConfusionMatrix } from "./confusion-matrix-text.ts";
export { escapeXml, estimateTextWidth, shortenText } from "./picture-text.ts";
