import { setTimeout as sleep } from "node:timers/promises";
import { InputError } from "@byoc/errors";
import type { Matrix } from "@byoc/table";
import { expect, test } from "vitest";
import { InvocationError } from "../invocation-error.ts";
import type { Images, PredictContext, Predictions, RawBody } from "../service.ts";
import { type BatchReport, createBatcher } from "./batcher.ts";

const toMatrix = (...values: number[]): Matrix => ({
  values: Float64Array.from(values),
  rows: values.length,
  columns: 1,
});
const context = (more: Partial<PredictContext> = {}): PredictContext => ({
  signal: new AbortController().signal,
  ...more,
});
const double = ({ values }: Matrix): Predictions => ({
  kind: "values",
  values: values.map((value) => 2 * value),
});
/** Takes `callMs` a call, and keeps the rows of each. */
const createSlowModel = (callMs: number) => {
  const calls: number[][] = [];
  const predict = async (rows: Matrix): Promise<Predictions> => {
    calls.push([...rows.values]);
    await sleep(callMs);
    return double(rows);
  };
  return { calls, predict };
};
const values = (predictions: unknown): number[] => [
  ...(predictions as { values: Float64Array }).values,
];

test("requests of the same turn are computed in one call, and each gets its own rows", async () => {
  const reports: BatchReport[] = [];
  const { calls, predict } = createSlowModel(1);
  const batched = createBatcher(predict, { maxRows: 8 }, { onBatch: (r) => reports.push(r) });
  const answers = await Promise.all([
    batched(toMatrix(1), context()),
    batched(toMatrix(2, 3), context()),
  ]);
  expect(answers.map(values)).toEqual([[2], [4, 6]]);
  expect(calls).toEqual([[1, 2, 3]]);
  await sleep(0);
  expect(reports).toMatchObject([{ requests: 2, rows: 3, bytes: 24 }]);
});

test("an idle model answers at once, however long requests may wait for others", async () => {
  const batched = createBatcher(double, { maxRows: 8, maxDelayMs: 10_000 });
  for (let request = 0; request < 50; request++) {
    expect(values(await batched(toMatrix(request), context()))).toEqual([2 * request]);
  }
}, 2000);

test("what comes during a call is the next one, within the rows, and one that is larger goes alone", async () => {
  const { calls, predict } = createSlowModel(5);
  const batched = createBatcher(predict, { maxRows: 3 });
  const answers = [batched(toMatrix(0), context())];
  await sleep(1);
  for (const rows of [[1, 2], [3], [4, 5, 6, 7], [8], [9, 10], [11]]) {
    answers.push(batched(toMatrix(...rows), context()));
  }
  await Promise.all(answers);
  expect(calls).toEqual([[0], [1, 2, 3], [4, 5, 6, 7], [8, 9, 10], [11]]);
});

test("a call keeps within the bytes", async () => {
  const { calls, predict } = createSlowModel(1);
  const batched = createBatcher(predict, { maxRows: 100, maxBytes: 16 });
  await Promise.all([1, 2, 3].map((value) => batched(toMatrix(value), context())));
  expect(calls).toEqual([[1, 2], [3]]);
});

test("clients that come back for more share calls again and again", async () => {
  const { calls, predict } = createSlowModel(10);
  const batched = createBatcher(predict, { maxRows: 64, maxDelayMs: 8 });
  const ask = async (client: number): Promise<void> => {
    await sleep(client * 4);
    for (let round = 0; round < 10; round++) await batched(toMatrix(client), context());
  };
  await Promise.all([ask(0), ask(1), ask(2)]);
  expect(calls.length).toBeLessThan(16);
});

test("a request whose client has gone is dropped before it is computed, and the others go on", async () => {
  const { calls, predict } = createSlowModel(5);
  const batched = createBatcher(predict, { maxRows: 8 });
  const client = new AbortController();
  const first = batched(toMatrix(1), context());
  await sleep(1);
  const dropped = batched(toMatrix(2), context({ signal: client.signal }));
  const last = batched(toMatrix(3), context());
  client.abort(new Error("gone"));
  await expect(dropped).rejects.toThrow("gone");
  await expect(batched(toMatrix(4), context({ signal: client.signal }))).rejects.toThrow("gone");
  expect((await Promise.all([first, last])).map(values)).toEqual([[2], [6]]);
  expect(calls).toEqual([[1], [3]]);
});

test("only the request whose rows are at fault is told so, with its own row", async () => {
  const calls: number[] = [];
  const batched = createBatcher<Matrix>(
    (rows) => {
      calls.push(rows.rows);
      const row = rows.values.indexOf(-1) + 1;
      if (row > 0) throw new InputError("NEGATIVE", "expected a positive number", { row });
      if (rows.values.includes(-2)) throw new InvocationError(422, "ODD", "odd");
      return double(rows);
    },
    { maxRows: 64 },
  );
  const requests = Array.from({ length: 16 }, (_none, at) => toMatrix(at, at === 11 ? -1 : at));
  requests[3] = toMatrix(-2);
  const answers = await Promise.allSettled(requests.map((rows) => batched(rows, context())));
  const failed = answers.flatMap(({ status }, at) => (status === "rejected" ? [at] : []));
  expect(failed).toEqual([3, 11]);
  expect(answers[11]).toMatchObject({ reason: { code: "NEGATIVE", row: 2 } });
  expect(answers[3]).toMatchObject({ reason: { code: "ODD" } });
  expect(calls.length).toBeLessThanOrEqual(17);
});

test("any other failure goes to every request of the call, and to nobody after it", async () => {
  let calls = 0;
  const batched = createBatcher<Matrix>(
    (rows) => {
      calls += 1;
      if (calls === 1) throw new TypeError("bug");
      return double(rows);
    },
    { maxRows: 8 },
  );
  const answers = await Promise.allSettled(
    [1, 2].map((value) => batched(toMatrix(value), context())),
  );
  expect(answers.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(calls).toBe(1);
  expect(values(await batched(toMatrix(3), context()))).toEqual([6]);
});

test("a model that answers too few rows is a bug, not somebody else's answer", async () => {
  const batched = createBatcher<Matrix>(() => ({ kind: "values", values: new Float64Array(1) }), {
    maxRows: 8,
  });
  const answers = [1, 2].map((value) => batched(toMatrix(value), context()));
  for (const answer of answers) {
    await expect(answer).rejects.toThrow("gave 1 values for a batch that needs 2");
  }
});

test("a stream cannot be batched, and the message says what to do", async () => {
  const batched = createBatcher<Matrix>(
    async function* (rows) {
      yield double(rows);
    },
    { maxRows: 8 },
  );
  await expect(batched(toMatrix(1), context())).rejects.toThrow("streams cannot be batched");
});

test("a body as it came is passed through, stream or not", async () => {
  const batched = createBatcher<RawBody>(({ bytes }) => double(toMatrix(bytes.length)), {
    maxRows: 8,
  });
  const body: RawBody = { bytes: new Uint8Array(5), contentType: "audio/wav", rows: 1 };
  expect(batched(body, context())).toEqual(double(toMatrix(5)));
});

test("images are joined and split like rows", async () => {
  const calls: Images[] = [];
  const batched = createBatcher<Images>(
    (images) => {
      calls.push(images);
      const indices = Uint8Array.from(
        { length: images.rows },
        (_none, row) => images.pixels[row * 3]!,
      );
      return { kind: "classes", classes: ["a", "b", "c"], indices };
    },
    { maxRows: 8 },
  );
  const image = (pixel: number): Images => ({
    pixels: new Uint8Array(3).fill(pixel),
    rows: 1,
    height: 1,
    width: 1,
    channels: 3,
  });
  const answers = await Promise.all([1, 2].map((pixel) => batched(image(pixel), context())));
  expect(calls).toEqual([{ ...image(1), pixels: new Uint8Array([1, 1, 1, 2, 2, 2]), rows: 2 }]);
  expect(answers).toMatchObject([
    { indices: new Uint8Array([1]) },
    { indices: new Uint8Array([2]) },
  ]);
});

test("the signal of a call turns when every client of it has gone", async () => {
  const seen = Promise.withResolvers<AbortSignal>();
  const batched = createBatcher<Matrix>(
    (rows, { signal }) => {
      seen.resolve(signal);
      return new Promise((resolve) => {
        signal.addEventListener("abort", () => resolve(double(rows)));
      });
    },
    { maxRows: 8 },
  );
  const clients = [new AbortController(), new AbortController()];
  const answers = clients.map(({ signal }) => batched(toMatrix(1), context({ signal })));
  const signal = await seen.promise;
  clients[0]?.abort();
  expect(signal.aborted).toBe(false);
  clients[1]?.abort();
  expect(signal.aborted).toBe(true);
  await Promise.all(answers);
});

test("requests that differ in attributes share a call until the model reads them", async () => {
  const calls: number[] = [];
  let readsAttributes = false;
  const batched = createBatcher<Matrix>(
    (rows, told) => {
      calls.push(rows.rows);
      if (!readsAttributes) return double(rows);
      return { kind: "values", values: rows.values.map(() => Number(told.customAttributes)) };
    },
    { maxRows: 8 },
  );
  const ask = async (): Promise<number[]> => {
    const attributes = ["1", "1", "2", "2"];
    const answers = attributes.map((customAttributes) =>
      batched(toMatrix(0), context({ customAttributes })),
    );
    return (await Promise.all(answers)).flatMap(values);
  };
  expect(await ask()).toEqual([0, 0, 0, 0]);
  readsAttributes = true;
  expect(await ask()).toEqual([1, 1, 2, 2]);
  expect(await ask()).toEqual([1, 1, 2, 2]);
  expect(calls).toEqual([4, 4, 2, 2, 2, 2]);
});

test("attributes that the model sets go to every request of the call", async () => {
  const batched = createBatcher<Matrix>(
    (rows, told) => {
      told.setCustomAttributes?.("version=3");
      return double(rows);
    },
    { maxRows: 8 },
  );
  const set: string[] = [];
  const told = context({ setCustomAttributes: (value) => set.push(value) });
  await Promise.all([batched(toMatrix(1), told), batched(toMatrix(2), told)]);
  expect(set).toEqual(["version=3", "version=3"]);
});

test("bounds that cannot be held are refused", () => {
  for (const batching of [
    { maxRows: 0 },
    { maxRows: 1.5 },
    { maxRows: 1, maxBytes: 0 },
    { maxRows: 1, maxDelayMs: -1 },
    { maxRows: 1, maxDelayMs: NaN },
  ]) {
    expect(() => createBatcher(double, batching)).toThrow(RangeError);
  }
});
