import fc from "fast-check";
import { expect, test } from "vitest";
import { collect, failureOf } from "../../test/support.ts";
import { readRecordIo } from "./record-io.ts";

const MAGIC = Buffer.from("0a23d7ce", "hex");

const frame = (payload: Uint8Array, flag = 0): Buffer => {
  const header = Buffer.alloc(8);
  MAGIC.copy(header);
  header.writeUInt32LE(flag * 2 ** 29 + payload.byteLength, 4);
  return Buffer.concat([header, payload, Buffer.alloc((4 - (payload.byteLength % 4)) % 4)]);
};

/** Writes a record as dmlc-core does: split at each aligned magic word, which is dropped there. */
const encode = (payload: Buffer): Buffer => {
  const parts: Buffer[] = [];
  let begin = 0;
  for (let at = 0; at + 4 <= payload.byteLength; at += 4) {
    if (payload.compare(MAGIC, 0, 4, at, at + 4) !== 0) continue;
    parts.push(payload.subarray(begin, at));
    begin = at + 4;
  }
  parts.push(payload.subarray(begin));
  if (parts.length === 1) return frame(payload);
  const flag = (index: number): number => (index === 0 ? 1 : index === parts.length - 1 ? 3 : 2);
  return Buffer.concat(parts.map((part, index) => frame(part, flag(index))));
};

const cut = async function* (bytes: Uint8Array, sizes: readonly number[]) {
  let offset = 0;
  for (let i = 0; offset < bytes.byteLength; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    yield bytes.subarray(offset, offset + size);
    offset += size;
  }
};

const decode = async (bytes: Uint8Array, sizes: readonly number[] = [1 << 20]) =>
  (await collect(readRecordIo(cut(bytes, sizes), "training_0"))).map((record) =>
    Buffer.from(record).toString("hex"),
  );

const fail = (bytes: Uint8Array): Promise<string> => failureOf(() => decode(bytes));

const hex = (text: string): string => Buffer.from(text).toString("hex");

test("records of any length are read without their padding", async () => {
  const texts = ["", "a", "ab", "abc", "abcd", "abcde", ""];
  const bytes = Buffer.concat(texts.map((text) => frame(Buffer.from(text))));
  expect(await decode(bytes)).toEqual(texts.map(hex));
});

test("an empty stream has no records", async () => {
  expect(await decode(Buffer.alloc(0))).toEqual([]);
});

test("a record in parts gets the magic words back that its writer dropped", async () => {
  // Magic words at 0, 8 and 12 are aligned; the last one is not.
  const payload = Buffer.from("0a23d7ce616263640a23d7ce0a23d7ce780a23d7ce656e64", "hex");
  const bytes = encode(payload);
  expect(bytes.readUInt32LE(4) >>> 29).toBe(1);
  expect(await decode(Buffer.concat([bytes, frame(Buffer.from("next"))]))).toEqual([
    payload.toString("hex"),
    hex("next"),
  ]);
});

test("whatever was written is read, wherever the stream is cut", async () => {
  const word = fc.constantFrom(MAGIC, Buffer.from("abcd"), Buffer.alloc(4));
  const payload = fc
    .tuple(fc.array(word, { maxLength: 6 }), fc.uint8Array({ maxLength: 7 }))
    .map(([words, tail]) => Buffer.concat([...words, tail]));
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(fc.array(payload, { maxLength: 5 }), sizes, async (payloads, pieces) => {
      const bytes = Buffer.concat(payloads.map(encode));
      expect(await decode(bytes, pieces)).toEqual(payloads.map((of) => of.toString("hex")));
    }),
    { numRuns: 500 },
  );
});

test("a stream that is cut short anywhere between two records is an error", async () => {
  const record = frame(Buffer.from("abcde"));
  for (let length = 1; length < record.byteLength; length++) {
    expect(await fail(Buffer.concat([record, record.subarray(0, length)]))).toBe(
      "RECORDIO training_0: record 2: the stream ends inside a record",
    );
  }
});

test("a record whose last part is missing is an error", async () => {
  expect(await fail(frame(Buffer.from("abcd"), 1))).toMatch(/record 1: the stream ends inside/u);
});

test.each([
  [2, 0],
  [3, 0],
  [1, 0],
  [1, 1],
  [4, 0],
  [7, 7],
])("part flags %d and %d are an error", async (first, second) => {
  const bytes = Buffer.concat([frame(Buffer.from("a"), first), frame(Buffer.from("b"), second)]);
  expect(await fail(bytes)).toMatch(/record 1: part flag \d does not follow the part before it/u);
});

test("what is no RecordIO says so", async () => {
  expect(await fail(Buffer.from("setosa,5.1,3.5\n"))).toBe(
    "RECORDIO training_0: record 1: no RecordIO magic word; is the channel's RecordWrapperType right?",
  );
  expect(await fail(Buffer.from("abc"))).toContain("the stream ends inside a record");
});

test("garbage never hangs and never throws anything but a RECORDIO error", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), fc.boolean(), async (garbage, isFramed) => {
      const bytes = isFramed ? Buffer.concat([MAGIC, garbage]) : garbage;
      const error: unknown = await decode(bytes).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect((error as { code?: string } | undefined)?.code ?? "RECORDIO").toBe("RECORDIO");
    }),
    { numRuns: 1000 },
  );
});

test("a reader that has had enough lets go of the stream", async () => {
  let isClosed = false;
  const chunks = async function* () {
    try {
      for (;;) yield frame(Buffer.from("abcd"));
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
