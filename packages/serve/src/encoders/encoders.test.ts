import fc from "fast-check";
import { expect, test } from "vitest";
import type { Predictions } from "../service.ts";
import { encodeCsv } from "./csv.ts";
import { encodeJsonLines } from "./json-lines.ts";
import { encodeJson } from "./json.ts";

const iris: Predictions = {
  kind: "classes",
  classes: ["setosa", "versicolor", "virginica"],
  indices: new Int32Array([0, 2]),
  probabilities: new Float64Array([1, 0, 0, 0, 0.25, 0.75]),
};
const values: Predictions = { kind: "values", values: new Float64Array([1.5, -0, 1e21]) };

test("CSV is one label or value a line", () => {
  expect(encodeCsv(iris)).toBe("setosa\nvirginica\n");
  expect(encodeCsv(values)).toBe("1.5\n0\n1e+21\n");
});

test("a label with commas, quotes or line breaks is quoted in CSV", () => {
  const classes = ["a,b", 'say "c"', "d\ne"];
  expect(encodeCsv({ kind: "classes", classes, indices: new Uint8Array([0, 1, 2]) })).toBe(
    '"a,b"\n"say ""c"""\n"d\ne"\n',
  );
});

test("JSON is an object for each row", () => {
  expect(encodeJson(iris)).toBe(
    '{"predictions":[{"label":"setosa","probabilities":{"setosa":1,"versicolor":0,"virginica":0}},' +
      '{"label":"virginica","probabilities":{"setosa":0,"versicolor":0.25,"virginica":0.75}}]}',
  );
  expect(encodeJson(values)).toBe('{"predictions":[{"value":1.5},{"value":0},{"value":1e+21}]}');
});

test("JSON Lines has the same objects, one a line", () => {
  const indices = new Int32Array([1, 0]);
  expect(encodeJsonLines({ kind: "classes", classes: ["a", "b"], indices })).toBe(
    '{"label":"b"}\n{"label":"a"}\n',
  );
  expect(encodeJsonLines(values)).toBe('{"value":1.5}\n{"value":0}\n{"value":1e+21}\n');
});

test("what JSON has no number for is null", () => {
  const odd: Predictions = { kind: "values", values: new Float64Array([NaN, Infinity]) };
  expect(encodeJson(odd)).toBe('{"predictions":[{"value":null},{"value":null}]}');
});

test("JSON of any labels and probabilities is what JSON.stringify would have written", () => {
  const model = fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(model, fc.array(fc.nat(3)), fc.double(), (classes, picks, probability) => {
      const indices = Int32Array.from(picks, (pick) => pick % classes.length);
      const probabilities = new Float64Array(indices.length * classes.length).fill(probability);
      const expected = Array.from(indices, (index) => ({
        label: classes[index],
        probabilities: Object.fromEntries(classes.map((label) => [label, probability])),
      }));
      const text = encodeJson({ kind: "classes", classes, indices, probabilities });
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify({ predictions: expected })));
    }),
  );
});
