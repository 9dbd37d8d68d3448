import { expect, test } from "vitest";
import { createRows, PAYLOAD_ROWS } from "./payloads.ts";
import { csv, namedRows, openInference } from "./protocols.ts";

test("the payloads are the same each time: 28 bytes a row of CSV", () => {
  for (const count of PAYLOAD_ROWS) {
    const text = csv.encode(createRows(count));
    expect(text).toHaveLength(28 * count);
    expect(csv.encode(createRows(count))).toBe(text);
  }
  expect(csv.encode(createRows(2))).toMatch(
    /^(\d\.\d{4},){3}\d\.\d{4}\n(\d\.\d{4},){3}\d\.\d{4}\n$/,
  );
});

test("every protocol carries the same digits", () => {
  const rows = createRows(29);
  const v2 = JSON.parse(openInference.encode(rows)) as {
    inputs: [{ shape: number[]; data: number[] }];
  };
  expect(v2.inputs[0].shape).toEqual([29, 4]);
  expect(v2.inputs[0].data).toEqual(rows.flat().map(Number));
  expect(JSON.parse(namedRows.encode(rows))).toEqual({ rows: rows.map((row) => row.map(Number)) });
});

test("labels come back from every protocol", () => {
  expect(csv.decode("a\nb\n")).toEqual(["a", "b"]);
  expect(namedRows.decode('["a","b"]')).toEqual(["a", "b"]);
  expect(openInference.decode('{"outputs":[{"data":["a","b"]}]}')).toEqual(["a", "b"]);
});
