import type { DescribedService } from "./described-service.ts";
import { toExampleBody, toExampleRow } from "./example-request.ts";
import type { ExecutionParameters } from "./execution-parameters.ts";
import { toResponses } from "./open-api-responses.ts";
import {
  ERROR_SCHEMA,
  EXECUTION_PARAMETERS_SCHEMA,
  type Schema,
  toPredictionSchema,
  toRowSchema,
  toRowsSchema,
} from "./schemas.ts";

/** What {@link toOpenApi} is told beside the service. */
export interface OpenApiOptions {
  /** Where the service is reached, from `toBaseUrl`. */
  readonly baseUrl: string;
  readonly executionParameters: ExecutionParameters;
}

const HEADERS: readonly Schema[] = [
  {
    name: "X-Amzn-SageMaker-Custom-Attributes",
    in: "header",
    description: "Handed to the model as it is.",
    schema: { type: "string", maxLength: 1024 },
  },
  {
    name: "X-Amzn-SageMaker-Inference-Id",
    in: "header",
    description: "Named in the log of requests.",
    schema: { type: "string", minLength: 1, maxLength: 64 },
  },
];

/**
 * The routes of the inference contract for this model as an OpenAPI 3.1 document: columns and their names, labels and
 * probabilities, the one shape of errors, and examples.
 *
 * @see https://spec.openapis.org/oas/v3.1.1.html
 */
export const toOpenApi = (
  service: DescribedService,
  { baseUrl, executionParameters }: OpenApiOptions,
): Schema => ({
  openapi: "3.1.1",
  info: {
    title: service.title ?? "model",
    version: "1.0.0",
    description: "Predictions over the inference contract of Amazon SageMaker.",
  },
  servers: [{ url: baseUrl }],
  paths: {
    "/invocations": {
      post: {
        operationId: "invoke",
        summary: "Rows in, predictions out",
        parameters: HEADERS,
        requestBody: { required: true, content: toRequestContent(service) },
        responses: toResponses(service),
      },
    },
    "/ping": {
      get: {
        operationId: "ping",
        summary: "Whether the model can predict",
        responses: { "200": { description: "It can." }, "503": refer("responses", "Error") },
      },
    },
    "/execution-parameters": {
      get: {
        operationId: "getExecutionParameters",
        summary: "What batch transform should send",
        responses: {
          "200": {
            description: "As SageMaker spells it",
            content: {
              "application/json": {
                schema: refer("schemas", "ExecutionParameters"),
                example: executionParameters,
              },
            },
          },
        },
      },
    },
  },
  components: {
    schemas: {
      ...toInputSchemas(service),
      Prediction: toPredictionSchema(service.output),
      ExecutionParameters: EXECUTION_PARAMETERS_SCHEMA,
      Error: ERROR_SCHEMA,
    },
    responses: {
      Error: {
        description: "What is wrong, and where",
        content: { "application/json": { schema: refer("schemas", "Error") } },
      },
    },
  },
});

const toInputSchemas = ({ input }: DescribedService): Readonly<Record<string, Schema>> =>
  input.kind === "images" || input.kind === "bytes"
    ? {}
    : { Row: toRowSchema(input), Rows: toRowsSchema(refer("schemas", "Row")) };

const toRequestContent = ({ input, contentTypes }: DescribedService): Schema =>
  Object.fromEntries(
    contentTypes.map((contentType) => {
      if (input.kind === "images" || input.kind === "bytes") return [contentType, {}];
      const row = toExampleRow(input);
      const text = toExampleBody(contentType, row);
      if (contentType === "application/json") {
        return [contentType, { schema: refer("schemas", "Rows"), example: { instances: [row] } }];
      }
      return [contentType, text === undefined ? {} : { schema: { type: "string" }, example: text }];
    }),
  );

const refer = (kind: "schemas" | "responses", name: string): Schema => ({
  $ref: `#/components/${kind}/${name}`,
});
