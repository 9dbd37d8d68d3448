import type { InputDeclaration, Predictions } from "../service.ts";

/** What a model answers, as far as it is known. */
export type OutputDeclaration =
  | {
      readonly kind: "classes";
      /** The labels, as they are answered. */
      readonly classes: readonly string[];
      readonly hasProbabilities: boolean;
    }
  | { readonly kind: "values" };

/** What the pages that describe a service are made from. */
export interface DescribedService {
  /** What people call the model; `model` unless given. */
  readonly title?: string | undefined;
  readonly input: InputDeclaration;
  /** Media types of requests, in lower case. */
  readonly contentTypes: readonly string[];
  /** Media types of answers, in lower case. */
  readonly accepts: readonly string[];
  /** The largest body of a request; `Infinity` when there is no limit. */
  readonly maxBodyBytes: number;
  /** The most rows of a request; `Infinity` or left out when there is no limit. */
  readonly maxRows?: number | undefined;
  /** Left out before anything has been predicted: both kinds of answer are described then. */
  readonly output?: OutputDeclaration | undefined;
}

/** What a prediction tells of all that follow: kind, labels, and whether there are probabilities. */
export const toOutputDeclaration = (predictions: Predictions): OutputDeclaration => {
  if (predictions.kind === "values") return { kind: "values" };
  const { classes, probabilities } = predictions;
  return { kind: "classes", classes, hasProbabilities: probabilities !== undefined };
};

/**
 * Where this service is reached, as far as the client's Host header says: people who open it through a port that Docker
 * has mapped can paste the example as it is. A header that is no plain host and port counts as absent.
 *
 * @param port Where the server listens, for want of a header.
 */
export const toBaseUrl = (hostHeader: string | undefined, port: number): string => {
  const host = hostHeader ?? "";
  const isPlain = /^(?:[\w.-]{1,253}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i.test(host);
  return `http://${isPlain ? host : `localhost:${port}`}`;
};
