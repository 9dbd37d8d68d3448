export type { Decoder, DecoderFactory, DecoderLimits, Encoder, Format } from "./format.ts";
export { InvocationError, isInvocationError } from "./invocation-error.ts";
export type { InvocationErrorOptions } from "./invocation-error.ts";
export type {
  Batching,
  BytesInput,
  ClassPredictions,
  FeatureInput,
  ImageInput,
  Images,
  InputDeclaration,
  PredictContext,
  Predictions,
  PredictResult,
  RawBody,
  Rows,
  Service,
  ValuePredictions,
} from "./service.ts";
export { readSettings } from "./settings.ts";
export type { AppSettings, ServerSettings } from "./settings.ts";
export { startServer } from "./start-server.ts";
