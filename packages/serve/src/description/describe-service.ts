import { negotiate } from "../invocation/media-types.ts";
import type { InputDeclaration } from "../service.ts";
import type { DescribedService, OutputDeclaration } from "./described-service.ts";
import { toExampleCommand } from "./example-request.ts";
import { toHtml } from "./html.ts";

/** What GET / says, as JSON. */
export interface ServiceDescription {
  readonly title: string;
  readonly input: InputDeclaration;
  /** Left out before anything has been predicted. */
  readonly output?: OutputDeclaration | undefined;
  readonly contentTypes: readonly string[];
  readonly accepts: readonly string[];
  readonly limits: {
    /** null is no limit. */
    readonly maxBodyBytes: number | null;
    readonly maxRows: number | null;
  };
  /** A command to paste into a shell. */
  readonly example: string;
  /** What can be asked, by method and path. */
  readonly routes: Readonly<Record<string, string>>;
}

/** An answer to GET /, whatever carries it. */
export interface DescriptionAnswer {
  readonly status: 200;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const ROUTES: ServiceDescription["routes"] = {
  "POST /invocations": "rows in, predictions out",
  "GET /ping": "200 when the model can predict, 503 before",
  "GET /openapi.json": "all of this for programs, as OpenAPI 3.1",
  "GET /execution-parameters": "what batch transform should send",
  "GET /metrics": "counters for Prometheus",
};

const HTML = "text/html";
const JSON_TYPE = "application/json";

/**
 * What this model takes and gives, with an example that works when pasted.
 *
 * @param baseUrl Where the example sends its request, from {@link toBaseUrl}.
 */
export const describeService = (
  service: DescribedService,
  baseUrl: string,
): ServiceDescription => ({
  title: service.title ?? "model",
  input: { ...service.input, kind: service.input.kind ?? "features" } as InputDeclaration,
  output: service.output,
  contentTypes: service.contentTypes,
  accepts: service.accepts,
  limits: {
    maxBodyBytes: toLimit(service.maxBodyBytes),
    maxRows: toLimit(service.maxRows),
  },
  example: toExampleCommand(service, baseUrl),
  routes: ROUTES,
});

/**
 * The answer to GET /: JSON, or a page for people whose Accept prefers text/html, as every browser's does. The page
 * loads nothing and runs nothing.
 */
export const answerDescription = (
  service: DescribedService,
  { accept, baseUrl }: { readonly accept: string | undefined; readonly baseUrl: string },
): DescriptionAnswer => {
  const description = describeService(service, baseUrl);
  const wished = negotiate(accept, { offered: [JSON_TYPE, HTML], preferred: JSON_TYPE });
  if (wished !== HTML) {
    const body = `${JSON.stringify(description, null, 2)}\n`;
    return { status: 200, headers: { "content-type": JSON_TYPE, vary: "accept" }, body };
  }
  return {
    status: 200,
    headers: {
      "content-type": `${HTML}; charset=utf-8`,
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
      vary: "accept",
    },
    body: toHtml(description),
  };
};

const toLimit = (limit = Infinity): number | null => (Number.isFinite(limit) ? limit : null);
