import { expect, test } from "vitest";
import { collect, failureOf } from "../../test/support.ts";
import { readRecordIo } from "./record-io.ts";

/** The letters "abcd" in a frame. */
const RECORD = Buffer.from("0a23d7ce0400000061626364", "hex");

/** Yields bytes in chunks of a few. */
const cut = async function* (bytes: Uint8Array, size = 5) {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
};

test("the records of a stream are read in order, wherever it is cut", async () => {
  const stream = Buffer.concat([RECORD, Buffer.from("0a23d7ce00000000", "hex"), RECORD]);
  for (let size = 1; size <= stream.byteLength; size++) {
    const records = await collect(readRecordIo(cut(stream, size), "training_0"));
    expect(records.map((record) => Buffer.from(record).toString())).toEqual(["abcd", "", "abcd"]);
  }
  expect(await collect(readRecordIo(cut(Buffer.alloc(0)), "training_0"))).toEqual([]);
});

test.each([
  ["a stream that is cut off", RECORD, "the stream ends inside a record; was it cut off?"],
  [
    "what is no RecordIO",
    Buffer.from("setosa,5.1,3.5\n"),
    "no RecordIO magic word: expected the bytes 0a23d7ce, found 7365746f; is the channel's RecordWrapperType right?",
  ],
])("%s is told with its name, its record and what to look at", async (_, bytes, problem) => {
  const stream = Buffer.concat([RECORD, bytes.subarray(0, -1)]);
  expect(await failureOf(() => collect(readRecordIo(cut(stream), "training_0")))).toBe(
    `RECORDIO training_0, record 2: ${problem}`,
  );
});

test("the records before a broken one are read first", async () => {
  const read: number[] = [];
  const stream = Buffer.concat([RECORD, Buffer.alloc(8)]);
  const reading = async (): Promise<void> => {
    for await (const { byteLength } of readRecordIo(cut(stream, 100), "training_0")) {
      read.push(byteLength);
    }
  };
  expect(await failureOf(reading)).toMatch(/^RECORDIO training_0, record 2: /);
  expect(read).toEqual([4]);
});

test("a reader that has had enough lets go of the stream", async () => {
  let isClosed = false;
  const chunks = async function* () {
    try {
      for (;;) yield RECORD;
    } finally {
      isClosed = true;
    }
  };
  for await (const record of readRecordIo(chunks(), "training_0")) {
    expect(record.byteLength).toBe(4);
    break;
  }
  expect(isClosed).toBe(true);
});
