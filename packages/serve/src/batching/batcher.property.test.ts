import { setTimeout as sleep } from "node:timers/promises";
import { InputError } from "@byoc/errors";
import type { Matrix } from "@byoc/table";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Predictions } from "../service.ts";
import { type BatchReport, createBatcher } from "./batcher.ts";

/** One request of a random run; its rows are [id, fault, fault]. */
interface Sent {
  readonly rows: number;
  readonly pauseMs: number;
  readonly fault: "none" | "input" | "crash";
  readonly abortAfterMs: number | undefined;
}

const FAULTS = { none: 0, input: 1, crash: 2 };
const CLASSES = Array.from({ length: 64 }, (_none, id) => `request ${id}`);

const sentRequests = fc.array(
  fc.record({
    rows: fc.integer({ min: 1, max: 12 }),
    pauseMs: fc.constantFrom(0, 0, 0, 0, 1, 2, 4),
    fault: fc.constantFrom<Sent["fault"]>("none", "none", "none", "none", "none", "input", "crash"),
    abortAfterMs: fc.constantFrom(undefined, undefined, undefined, undefined, 0, 1, 3),
  }),
  { minLength: 1, maxLength: 40 },
);
const settings = fc.record({
  maxRows: fc.integer({ min: 1, max: 20 }),
  maxBytes: fc.constantFrom(16, 160, 1000, 1e6),
  maxDelayMs: fc.constantFrom(0, 1, 2, 5),
});

const toMatrix = ({ rows, fault }: Sent, id: number): Matrix => ({
  values: Float64Array.from({ length: rows * 2 }, (_none, at) => (at % 2 ? FAULTS[fault] : id)),
  rows,
  columns: 2,
});

test("whatever comes and fails, everybody gets exactly their own answer, within the limits and in order", async () => {
  await fc.assert(
    fc.asyncProperty(
      sentRequests,
      settings,
      fc.constantFrom(undefined, 0, 1, 3),
      fc.constantFrom<Predictions["kind"]>("classes", "values"),
      async (sent, { maxRows, maxBytes, maxDelayMs }, callMs, kind) => {
        const calls: number[][] = [];
        const reports: BatchReport[] = [];
        const crashedWith = new Set<number>();
        let running = 0;

        const answer = ({ values, rows }: Matrix): Predictions => {
          const ids = values.filter((_value, at) => at % 2 === 0);
          const faults = values.filter((_value, at) => at % 2 === 1);
          const row = faults.indexOf(FAULTS.input) + 1;
          if (faults.includes(FAULTS.crash)) {
            for (const id of ids) crashedWith.add(id);
            throw new TypeError("bug");
          }
          if (row > 0) throw new InputError("BAD", "bad", { row });
          if (kind === "values") return { kind, values: ids };
          const probabilities = new Float32Array(rows * CLASSES.length);
          for (const [at, id] of ids.entries()) probabilities[at * CLASSES.length + id] = 1;
          return { kind, classes: CLASSES, indices: Uint8Array.from(ids), probabilities };
        };
        const predict = createBatcher<Matrix>(
          (matrix) => {
            expect(running).toBe(0);
            calls.push([...new Set(matrix.values.filter((_value, at) => at % 2 === 0))]);
            const isAlone = calls.at(-1)?.length === 1;
            if (!isAlone) {
              expect(matrix.rows).toBeLessThanOrEqual(maxRows);
              expect(matrix.values.byteLength).toBeLessThanOrEqual(maxBytes);
            }
            if (callMs === undefined) return answer(matrix);
            running += 1;
            return sleep(callMs).then(() => {
              running -= 1;
              return answer(matrix);
            });
          },
          { maxRows, maxBytes, maxDelayMs },
          { onBatch: (report) => reports.push(report) },
        );

        const outcomes = await Promise.all(
          await sendAll(sent, (matrix, signal) => Promise.resolve(predict(matrix, { signal }))),
        );

        for (const [id, { rows, fault, abortAfterMs }] of sent.entries()) {
          const outcome = outcomes[id]!;
          if ("error" in outcome) {
            const { error } = outcome;
            const isDropped = abortAfterMs !== undefined && (error as Error).message === "gone";
            const isOwn = fault === "input" && error instanceof InputError && error.row === 1;
            expect(isDropped || isOwn || crashedWith.has(id), String(error)).toBe(true);
          } else {
            expect(fault).toBe("none");
            expectOwnAnswer(outcome.predictions, id, rows);
          }
          if (fault === "input" && abortAfterMs === undefined && !crashedWith.has(id)) {
            expect("error" in outcome && outcome.error).toBeInstanceOf(InputError);
          }
        }
        const firstSeen = [...new Set(calls.flat())];
        expect(firstSeen).toEqual(firstSeen.toSorted((one, other) => one - other));
        for (const report of reports) expect(report.queueAgeMs).toBeGreaterThanOrEqual(0);
      },
    ),
    { numRuns: 150 },
  );
});

const expectOwnAnswer = (predictions: Predictions, id: number, rows: number): void => {
  if (predictions.kind === "values") {
    expect([...predictions.values]).toEqual(Array.from({ length: rows }, () => id));
    return;
  }
  const { indices, probabilities } = predictions;
  expect([...indices]).toEqual(Array.from({ length: rows }, () => id));
  expect(probabilities?.length).toBe(rows * CLASSES.length);
  for (let row = 0; row < rows; row++) expect(probabilities?.[row * CLASSES.length + id]).toBe(1);
};

type Outcome = { readonly predictions: Predictions } | { readonly error: unknown };

/** Sends the requests one after the other; each settles, or this run takes longer than the test may. */
const sendAll = async (
  sent: readonly Sent[],
  send: (matrix: Matrix, signal: AbortSignal) => Promise<unknown>,
): Promise<Promise<Outcome>[]> => {
  const outcomes: Promise<Outcome>[] = [];
  for (const [id, request] of sent.entries()) {
    if (request.pauseMs > 0) await sleep(request.pauseMs);
    const client = new AbortController();
    if (request.abortAfterMs === 0) client.abort(new Error("gone"));
    else if (request.abortAfterMs !== undefined) {
      setTimeout(() => client.abort(new Error("gone")), request.abortAfterMs);
    }
    outcomes.push(
      send(toMatrix(request, id), client.signal).then(
        (predictions) => ({ predictions: predictions as Predictions }),
        (error: unknown) => ({ error }),
      ),
    );
  }
  return outcomes;
};
