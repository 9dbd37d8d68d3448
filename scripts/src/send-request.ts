import { request } from "node:http";
import { setTimeout } from "node:timers/promises";
import { CommandError } from "./cli/command-error.ts";

/** How long SageMaker waits for an answer. */
const ANSWER_TIMEOUT_MS = 60_000;
const PING_INTERVAL_MS = 50;

/** A request to /invocations, as a client of an endpoint makes it. */
export interface InvocationRequest {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  readonly body: Buffer;
  readonly contentType: string;
  readonly accept: string;
  readonly customAttributes?: string;
}

/** What the container answered. */
export interface InvocationAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

/**
 * Posts a body to a container with the headers that SageMaker passes on, and no others.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 * @throws CommandError when nobody listens, or no answer comes within SageMaker's 60 seconds.
 */
export const sendInvocation = ({
  url,
  body,
  contentType,
  accept,
  customAttributes,
}: InvocationRequest): Promise<InvocationAnswer> =>
  new Promise((resolve, reject) => {
    const headers = {
      "Content-Type": contentType,
      Accept: accept,
      "Content-Length": body.length,
      ...(customAttributes === undefined
        ? {}
        : { "X-Amzn-SageMaker-Custom-Attributes": customAttributes }),
    };
    const options = { method: "POST", headers, timeout: ANSWER_TIMEOUT_MS };
    const sent = request(new URL("/invocations", url), options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", (error) => reject(explain(error, url)));
      response.on("end", () => {
        resolve({
          status: response.statusCode ?? 0,
          contentType: response.headers["content-type"] ?? "",
          body: Buffer.concat(chunks),
        });
      });
    });
    sent.on("timeout", () => {
      sent.destroy(new CommandError("no answer came within 60 seconds, where SageMaker gives up"));
    });
    sent.on("error", (error) => reject(explain(error, url)));
    sent.end(body);
  });

const explain = (error: Error & { code?: string }, url: string): CommandError => {
  if (error instanceof CommandError) return error;
  const said =
    error.code === "ECONNREFUSED"
      ? `nobody listens on ${url}; start a server first, in another terminal: ./scripts/byoc serve decision-tree`
      : `the request to ${url} failed: ${error.message}`;
  return new CommandError(said, { cause: error });
};

/**
 * Asks /ping until the container can predict, as SageMaker does before it sends requests.
 *
 * @throws CommandError when nobody listens, or the container says that it never will.
 */
export const waitUntilReady = async (url: string): Promise<void> => {
  for (;;) {
    const response = await fetch(new URL("/ping", url)).catch((error: Error) => {
      throw explain(error.cause instanceof Error ? error.cause : error, url);
    });
    if (response.ok) return;
    const body = Buffer.from(await response.arrayBuffer());
    if (readError(body.toString())?.code !== "MODEL_LOADING") {
      const contentType = response.headers.get("content-type") ?? "";
      throw new CommandError(describeFailure({ status: response.status, contentType, body }));
    }
    await setTimeout(PING_INTERVAL_MS);
  }
};

/** The text of an answer that is no success: the message of our containers' JSON error, or the body as it is. */
export const describeFailure = ({ status, body }: InvocationAnswer): string => {
  const text = body.toString("utf8").trim();
  return `HTTP ${status}: ${readMessage(text) ?? (text === "" ? "(no body)" : text.slice(0, 2000))}`;
};

const readMessage = (text: string): string | undefined => {
  const { code, message } = readError(text) ?? {};
  if (typeof message !== "string") return undefined;
  return typeof code === "string" ? `${message} (${code})` : message;
};

/** What our containers' JSON errors hold. */
const readError = (text: string): { code?: unknown; message?: unknown } | undefined => {
  try {
    const { error } = JSON.parse(text) as { error?: { code?: unknown; message?: unknown } };
    return error;
  } catch {
    return undefined;
  }
};
