import { createFeatureDecoder, type FeatureTable, type Matrix } from "@byoc/table";
import type { Decoder, DecoderFactory } from "../format.ts";
import { requireFeatures, tooManyRows } from "./problems.ts";

/**
 * Rows of numbers with commas between them; a header row may come first.
 *
 * @throws {InputError} with the codes of `@byoc/table`, row and column; InvocationError `TOO_MANY_ROWS` (413).
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-inference.html
 */
export const decodeCsv: DecoderFactory = (input, { maxRows }): Decoder => {
  const { columns, names, acceptsMissing } = requireFeatures(input);
  const table = createFeatureDecoder({ columns, featureNames: names, acceptsMissing });

  const finishTable = ({ features }: FeatureTable): Matrix => {
    if (features.rows > maxRows) throw tooManyRows(maxRows);
    return features;
  };

  return {
    push(chunk) {
      table.push(chunk);
      if (table.rows > maxRows) throw tooManyRows(maxRows);
    },
    finish() {
      const finished = table.finish();
      return finished instanceof Promise ? finished.then(finishTable) : finishTable(finished);
    },
  };
};
