import { setTimeout as sleep } from "node:timers/promises";
import type { ServerProcess } from "../server-process.ts";
import { findWrong, type Payload, pick } from "./payloads.ts";
import { formatHead, RawClient } from "./raw-client.ts";
import type { Traffic } from "./traffic.ts";

const REQUESTS = 16;
/** SageMaker kills the container then. */
const MAX_STOP_MS = 30_000;

/** Stops the server with requests in it, in several stages: each has to be answered, and right. */
export const stopInFlight = async (
  traffic: Traffic,
  server: ServerProcess,
): Promise<{ exitCode: number | string | null; stopMs: number }> => {
  const { tally } = traffic;
  const stages = ["computed", "streamed", "sent"] as const;
  const answers = Array.from({ length: REQUESTS }, (_, at) => askOne(traffic, stages[at % 3]!));
  const idle = new RawClient(traffic.url);
  await sleep(300);
  const startedMs = performance.now();
  server.child.kill("SIGTERM");
  await Promise.all(answers);
  const exitCode = await server.exit();
  const stopMs = performance.now() - startedMs;
  idle.close();
  if (exitCode !== 0) tally.violate(`exit code ${exitCode} after SIGTERM`);
  if (stopMs > MAX_STOP_MS) tally.violate(`${Math.round(stopMs)} ms from SIGTERM to the end`);
  return { exitCode, stopMs };
};

/** A request that is being computed, streamed or still sent when the signal comes. */
const askOne = async (
  { url, payloads, tally }: Traffic,
  stage: "computed" | "streamed" | "sent",
): Promise<void> => {
  const payload: Payload = pick(payloads.filter(({ rows }) => rows >= 29 && rows <= 1000));
  const client = new RawClient(url);
  const wish = stage === "streamed" ? "stream=200" : "wait=600";
  const half = Math.floor(payload.body.length / 2);
  try {
    client.write(
      formatHead({
        "content-type": payload.contentType,
        "content-length": payload.body.length,
        ...(stage === "sent" ? {} : { "x-amzn-sagemaker-custom-attributes": wish }),
      }),
    );
    client.write(payload.body.subarray(0, half));
    if (stage === "sent") await sleep(700);
    client.write(payload.body.subarray(half));
    const { status, headers, body } = await client.read();
    const wrong =
      status === 200 ? findWrong(payload, headers["content-type"], body) : `${status} ${body}`;
    if (wrong === undefined) tally.count("at SIGTERM: right");
    else tally.violate(`at SIGTERM (${stage}): ${wrong}`);
  } catch (error) {
    tally.violate(`at SIGTERM (${stage}): ${(error as Error).message}`);
  } finally {
    client.close();
  }
};
