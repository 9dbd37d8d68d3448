import type { MetricsSnapshot } from "../observability/snapshot.ts";
import type { InputDeclaration } from "../service.ts";

/** What a process that predicts tells the one that owns the sockets. */
export type ComputeMessage =
  | { readonly type: "ready"; readonly loadMs: number; readonly input: InputDeclaration }
  | { readonly type: "failed"; readonly reason: string }
  | { readonly type: "pong" }
  | { readonly type: "snapshot"; readonly snapshot: MetricsSnapshot }
  | {
      readonly type: "answer";
      readonly id: number;
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      /** Undefined when the body follows in parts. */
      readonly body: string | Uint8Array<ArrayBuffer> | undefined;
      readonly rows: number;
    }
  | { readonly type: "part"; readonly id: number; readonly data: string | Uint8Array }
  | { readonly type: "end"; readonly id: number; readonly problem: string | undefined };

/** What it is told. */
export type ComputeRequest =
  | {
      readonly type: "request";
      readonly id: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly chunks: readonly Uint8Array[];
    }
  /** A part of the answer has been taken. */
  | { readonly type: "taken"; readonly id: number }
  /** Nobody waits for the answer any more. */
  | { readonly type: "abort"; readonly id: number; readonly reason: string }
  | { readonly type: "ping" }
  | { readonly type: "snapshot" };

/** The request headers that a prediction depends on. */
export const FORWARDED_HEADERS = [
  "content-type",
  "content-encoding",
  "accept",
  "x-amzn-sagemaker-custom-attributes",
] as const;
