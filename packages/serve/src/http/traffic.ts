import type { IncomingMessage, ServerResponse } from "node:http";
import type { Answer } from "../answer.ts";

/** What is known of a request for predictions when it is answered. */
export interface RequestFacts {
  /** When it came, by `performance.now()`. */
  readonly startedMs: number;
  /** Rows that were predicted; 0 when it did not come to that. */
  readonly rows: number;
}

/** Counts the requests for predictions of this process. */
export interface Traffic {
  /** How many are here now. */
  readonly waiting: number;
  /** How many have been answered. */
  readonly answered: number;
  /** One has come; gives how many are here now, with this one. */
  enter(): number;
  /** One is about to get its answer. */
  leave(
    request: IncomingMessage,
    response: ServerResponse,
    answer: Answer,
    facts: RequestFacts,
  ): void;
  /** A request for something else has come. */
  enterPage?(request: IncomingMessage, response: ServerResponse): void;
}
