import fc from "fast-check";
import { expect, test } from "vitest";
import { createRecordReader } from "./record-reader.ts";

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

const cut = function* (bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  let offset = 0;
  for (let i = 0; offset < bytes.byteLength; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    yield bytes.subarray(offset, offset + size);
    offset += size;
  }
};

/** Reads all records, and shows them only when the last has come: none may change under its reader. */
const decode = (bytes: Uint8Array, sizes: readonly number[] = [1 << 20]): string[] => {
  const reader = createRecordReader();
  const records: Uint8Array[] = [];
  for (const chunk of cut(bytes, sizes)) records.push(...reader.push(chunk));
  reader.finish();
  return records.map((record) => Buffer.from(record).toString("hex"));
};

const hex = (text: string): string => Buffer.from(text).toString("hex");

test("records of any length are read without their padding", () => {
  const texts = ["", "a", "ab", "abc", "abcd", "abcde", ""];
  const bytes = Buffer.concat(texts.map((text) => frame(Buffer.from(text))));
  expect(decode(bytes)).toEqual(texts.map(hex));
});

test("an empty stream has no records", () => {
  expect(decode(Buffer.alloc(0))).toEqual([]);
});

test("a record in parts gets the magic words back that its writer dropped", () => {
  // Magic words at 0, 8 and 12 are aligned; the last one is not.
  const payload = Buffer.from("0a23d7ce616263640a23d7ce0a23d7ce780a23d7ce656e64", "hex");
  const bytes = encode(payload);
  expect(bytes.readUInt32LE(4) >>> 29).toBe(1);
  expect(decode(Buffer.concat([bytes, frame(Buffer.from("next"))]))).toEqual([
    payload.toString("hex"),
    hex("next"),
  ]);
});

test("whatever was written is read, wherever the stream is cut", () => {
  const word = fc.constantFrom(MAGIC, Buffer.from("abcd"), Buffer.alloc(4));
  const payload = fc
    .tuple(fc.array(word, { maxLength: 6 }), fc.uint8Array({ maxLength: 7 }))
    .map(([words, tail]) => Buffer.concat([...words, tail]));
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.array(payload, { maxLength: 5 }), sizes, (payloads, pieces) => {
      const bytes = Buffer.concat(payloads.map(encode));
      expect(decode(bytes, pieces)).toEqual(payloads.map((of) => of.toString("hex")));
    }),
    { numRuns: 500 },
  );
});

test("a stream that is cut short anywhere between two records is an error", () => {
  const record = frame(Buffer.from("abcde"));
  for (let length = 1; length < record.byteLength; length++) {
    expect(() => decode(Buffer.concat([record, record.subarray(0, length)]))).toThrow(
      "row 2: the stream ends inside a record; was it cut off?",
    );
  }
});

test("a record whose last part is missing is an error", () => {
  expect(() => decode(frame(Buffer.from("abcd"), 1))).toThrow("row 1: the stream ends inside");
});

test.each([
  [2, 0],
  [3, 0],
  [1, 0],
  [1, 1],
  [4, 0],
  [7, 7],
])("part flags %d and %d are an error", (first, second) => {
  const bytes = Buffer.concat([frame(Buffer.from("a"), first), frame(Buffer.from("b"), second)]);
  expect(() => decode(bytes)).toThrow(/^row 1: part flag \d does not follow the part before it$/);
});

test("what is no RecordIO says so", () => {
  expect(() => decode(Buffer.from("setosa,5.1,3.5\n"))).toThrow(
    "row 1: no RecordIO magic word: expected the bytes 0a23d7ce, found 7365746f; are these RecordIO records, padded to 4 bytes?",
  );
  expect(() => decode(Buffer.from("abc"))).toThrow("the stream ends inside a record");
});

test("an error says where as its user wants it", () => {
  const locate = (record: number) => ({ file: `training_0, record ${record}` });
  const reader = createRecordReader({ locate, hint: "is the wrapper type right?" });
  expect(() => [...reader.push(Buffer.alloc(8))]).toThrow(
    "training_0, record 1: no RecordIO magic word: expected the bytes 0a23d7ce, found 00000000; is the wrapper type right?",
  );
});

test("the records before an error are read first", () => {
  const reader = createRecordReader();
  const records = reader.push(Buffer.concat([frame(Buffer.from("good")), Buffer.alloc(8)]));
  const read: string[] = [];
  expect(() => {
    for (const record of records) read.push(Buffer.from(record).toString());
  }).toThrow("row 2: no RecordIO magic word");
  expect(read).toEqual(["good"]);
});

test("garbage never throws anything but a RECORDIO error", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.boolean(), (garbage, isFramed) => {
      const bytes = isFramed ? Buffer.concat([MAGIC, garbage]) : garbage;
      try {
        decode(bytes);
      } catch (error) {
        expect(error).toMatchObject({ name: "InputError", code: "RECORDIO" });
      }
    }),
    { numRuns: 1000 },
  );
});

test("a record may have a million empty parts", () => {
  const parts = Buffer.concat(Array.from({ length: 1_000_000 }, () => frame(Buffer.alloc(0), 2)));
  const reader = createRecordReader();
  expect([...reader.push(frame(Buffer.alloc(0), 1)), ...reader.push(parts)]).toEqual([]);
  const [record] = reader.push(frame(Buffer.alloc(0), 3));
  expect(record?.byteLength).toBe(4 * 1_000_001);
  expect(
    Buffer.from(record ?? [])
      .subarray(-8)
      .toString("hex"),
  ).toBe("0a23d7ce0a23d7ce");
});
