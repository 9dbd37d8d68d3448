import type { Format } from "../format.ts";
import { createRecordsDecoder } from "./records/decode-records.ts";

/**
 * SageMaker's own binary rows: `application/x-recordio-protobuf` in.
 *
 * Needs @bufbuild/protobuf beside it, of which the wire reader is used.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-inference.html
 * @example
 * await startServer({ modelDir, load, predict, input, formats: [protobuf] });
 */
export const protobuf: Format = {
  inputKinds: ["features"],
  decoders: { "application/x-recordio-protobuf": createRecordsDecoder },
};
