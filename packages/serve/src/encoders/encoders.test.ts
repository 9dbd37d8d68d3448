import fc from "fast-check";
import { expect, test } from "vitest";
import type { Encoder } from "../format.ts";
import type { ClassPredictions, Predictions } from "../service.ts";
import { csvEncoder } from "./csv.ts";
import { ENCODERS } from "./index.ts";
import { jsonLinesEncoder } from "./json-lines.ts";
import { jsonEncoder } from "./json.ts";

const encode = (encoder: Encoder, predictions: Predictions): string =>
  Buffer.from(encoder.encode(predictions)).toString();

const iris: Predictions = {
  kind: "classes",
  classes: ["setosa", "versicolor", "virginica"],
  indices: new Int32Array([0, 2]),
  probabilities: new Float64Array([1, 0, 0, 0, 0.25, 0.75]),
};
const values: Predictions = { kind: "values", values: new Float64Array([1.5, -0, 1e21]) };
const odd: Predictions = {
  kind: "values",
  values: new Float64Array([Number.NaN, Infinity, -Infinity]),
};

test("CSV is one label or value a line", () => {
  expect(encode(csvEncoder, iris)).toBe("setosa\nvirginica\n");
  expect(encode(csvEncoder, values)).toBe("1.5\n0\n1e+21\n");
});

test("a label with commas, quotes or line breaks, and an empty one, is quoted in CSV", () => {
  const classes = ["a,b", 'say "c"', "d\ne", ""];
  const indices = new Uint8Array([0, 1, 2, 3]);
  expect(encode(csvEncoder, { kind: "classes", classes, indices })).toBe(
    '"a,b"\n"say ""c"""\n"d\ne"\n""\n',
  );
});

test("JSON is an object for each row", () => {
  expect(encode(jsonEncoder, iris)).toBe(
    '{"predictions":[{"label":"setosa","probabilities":{"setosa":1,"versicolor":0,"virginica":0}},' +
      '{"label":"virginica","probabilities":{"setosa":0,"versicolor":0.25,"virginica":0.75}}]}',
  );
  expect(encode(jsonEncoder, values)).toBe(
    '{"predictions":[{"value":1.5},{"value":0},{"value":1e+21}]}',
  );
});

test("JSON Lines has the same objects, one a line", () => {
  const indices = new Int32Array([1, 0]);
  expect(encode(jsonLinesEncoder, { kind: "classes", classes: ["a", "b"], indices })).toBe(
    '{"label":"b"}\n{"label":"a"}\n',
  );
  expect(encode(jsonLinesEncoder, values)).toBe('{"value":1.5}\n{"value":0}\n{"value":1e+21}\n');
});

test("what is no finite number is null in JSON, and NaN or Infinity in CSV", () => {
  expect(encode(jsonEncoder, odd)).toBe(
    '{"predictions":[{"value":null},{"value":null},{"value":null}]}',
  );
  expect(encode(csvEncoder, odd)).toBe("NaN\nInfinity\n-Infinity\n");
});

test("short answers are strings, long ones bytes", () => {
  for (const encoder of ENCODERS.values()) {
    expect(typeof encoder.encode(iris)).toBe("string");
    const many = { kind: "values", values: new Float64Array(30_000).fill(0.1) } as const;
    expect(encoder.encode(many)).toBeInstanceOf(Uint8Array);
  }
});

/** Predictions of any size, so that ropes, bytes and remembered rows all have their turn. */
const classPredictions = fc
  .record({
    classes: fc.uniqueArray(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 4 }),
    leaves: fc.array(fc.array(fc.double(), { minLength: 4, maxLength: 4 }), { minLength: 1 }),
    picks: fc.oneof(
      fc.array(fc.nat(), { maxLength: 10 }),
      fc.array(fc.nat(), { minLength: 2000, maxLength: 2000, size: "max" }),
    ),
  })
  .map(({ classes, leaves, picks }): Required<ClassPredictions> => {
    const rows = picks.map((pick) => leaves[pick % leaves.length]!.slice(0, classes.length));
    return {
      kind: "classes",
      classes,
      indices: Int32Array.from(picks, (pick) => pick % classes.length),
      probabilities: Float64Array.from(rows.flat()),
    };
  });

/** The rows of an answer as a plain writer would make them. */
const toObjects = ({ classes, indices, probabilities }: ClassPredictions): unknown[] =>
  Array.from(indices, (index, row) => ({
    label: classes[index],
    ...(probabilities !== undefined && {
      probabilities: Object.fromEntries(
        classes.map((name, place) => [name, probabilities[row * classes.length + place]]),
      ),
    }),
  }));

const withoutSignOfZero = (_: string, value: unknown): unknown => (value === 0 ? 0 : value);

test("JSON and JSON Lines of any predictions are what JSON.stringify would have written", () => {
  fc.assert(
    fc.property(classPredictions, fc.boolean(), (predictions, isBare) => {
      const { probabilities, ...bare } = predictions;
      const shown = isBare ? bare : { ...bare, probabilities };
      const expected: unknown = JSON.parse(JSON.stringify(toObjects(shown), withoutSignOfZero));
      expect(JSON.parse(encode(jsonEncoder, shown))).toEqual({ predictions: expected });
      const lines = encode(jsonLinesEncoder, shown).split("\n").slice(0, -1);
      expect(lines.map((line): unknown => JSON.parse(line))).toEqual(expected);
    }),
  );
});

/** The cells of one column as RFC 4180 has them; none of them is an unquoted blank line. */
const readColumn = (text: string): string[] => {
  const lines = text.matchAll(/"((?:[^"]|"")*)"\n|([^"\r\n,]+)\n/gy);
  return Array.from(lines, ([, quoted, plain = ""]) => quoted?.replaceAll('""', '"') ?? plain);
};

test("CSV of any labels and values is read back by a CSV reader", () => {
  fc.assert(
    fc.property(classPredictions, ({ classes, indices }) => {
      const text = encode(csvEncoder, { kind: "classes", classes, indices });
      expect(readColumn(text)).toEqual(Array.from(indices, (index) => classes[index]));
    }),
  );
  fc.assert(
    fc.property(fc.float64Array(), (numbers) => {
      const cells = encode(csvEncoder, { kind: "values", values: numbers }).split("\n");
      expect(cells.slice(0, -1).map(Number)).toEqual(Array.from(numbers, (value) => value + 0));
    }),
  );
});

test("the parts of a stream, put together, are the whole answer", () => {
  fc.assert(
    fc.property(classPredictions, fc.nat(), (predictions, cut) => {
      const { classes, indices, probabilities = new Float64Array() } = predictions;
      const rows = indices.length;
      fc.pre(rows > 1);
      const middle = 1 + (cut % (rows - 1));
      const parts = [indices.subarray(0, middle), indices.subarray(middle)].map(
        (part, place): Predictions => ({
          kind: "classes",
          classes,
          indices: part,
          probabilities: probabilities.subarray(
            place * middle * classes.length,
            (place === 0 ? middle : rows) * classes.length,
          ),
        }),
      );
      for (const encoder of ENCODERS.values()) {
        const { begin = "", separator = "", end = "", encodePart } = encoder.stream ?? {};
        const text = begin + parts.map((part) => encodePart?.(part)).join(separator) + end;
        expect(text).toBe(encode(encoder, predictions));
      }
    }),
  );
});
