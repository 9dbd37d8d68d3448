import type { DescribedService } from "./described-service.ts";
import { type Schema, toExamplePrediction } from "./schemas.ts";

/** Why a request may fail, by status, with an example of each. */
const ERRORS: Readonly<Record<string, { readonly description: string; readonly error: Schema }>> = {
  "400": {
    description: "The body does not hold what the model takes",
    error: {
      code: "JSON_NOT_A_NUMBER",
      message: 'row 3, column 2: expected a number, found "abc"',
      row: 3,
      column: 2,
    },
  },
  "406": {
    description: "Accept refuses everything that is offered",
    error: { code: "NOT_ACCEPTABLE", message: "the answer lists what is offered" },
  },
  "413": {
    description: "The body is beyond the limit",
    error: { code: "BODY_TOO_LARGE", message: "the answer says the limit" },
  },
  "415": {
    description: "A content type that cannot be read, or none",
    error: { code: "UNSUPPORTED_CONTENT_TYPE", message: "the answer lists what is supported" },
  },
  "500": {
    description: "The container failed on this request; its log says why",
    error: { code: "INTERNAL_ERROR", message: "the container failed on this request" },
  },
  "503": {
    description: "Not ready, or too busy; try again",
    error: { code: "MODEL_LOADING", message: "the model is still being loaded; try again" },
  },
};

/** The responses of POST /invocations: predictions in each offered media type, and errors. */
export const toResponses = (service: DescribedService): Schema => ({
  "200": {
    description: "A prediction for each row, in the order of the rows",
    content: Object.fromEntries(
      service.accepts.map((mediaType) => [mediaType, toAnswer(service, mediaType)]),
    ),
  },
  ...Object.fromEntries(
    Object.entries(ERRORS).map(([status, { description, error }]) => [
      status,
      {
        description,
        content: {
          "application/json": {
            schema: { $ref: "#/components/schemas/Error" },
            example: { error },
          },
        },
      },
    ]),
  ),
});

const toAnswer = ({ output }: DescribedService, mediaType: string): Schema => {
  const prediction = toExamplePrediction(output);
  switch (mediaType) {
    case "application/json":
      return {
        schema: {
          type: "object",
          properties: {
            predictions: { type: "array", items: { $ref: "#/components/schemas/Prediction" } },
          },
          required: ["predictions"],
        },
        example: { predictions: [prediction] },
      };
    case "application/jsonlines":
      return { schema: { type: "string" }, example: `${JSON.stringify(prediction)}\n` };
    case "text/csv":
      return {
        schema: { type: "string" },
        example: `${String(prediction["label"] ?? prediction["value"])}\n`,
      };
    default:
      return {};
  }
};
