import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import type { Predictions } from "../../service.ts";
import { PYTHON, readFixture } from "../testing/decode.ts";
import { encodeNpy } from "./encode.ts";

const classify = (...classes: string[]): Predictions => ({
  kind: "classes",
  classes,
  indices: Uint8Array.of(0, 1, 0),
});

const CASES: readonly (readonly [string, Predictions])[] = [
  ["out-labels", classify("setosa", "Iris-ä😀")],
  ["out-integers", classify("-1", "10")],
  ["out-numbers", classify("0.5", "1.0")],
  ["out-float64", { kind: "values", values: new Float64Array([0.1, NaN, -Infinity]) }],
  ["out-float32", { kind: "values", values: new Float32Array([0.1, 2.5]) }],
];

test.each(CASES)("%s is byte for byte what NumPy saves", async (name, predictions) => {
  const saved = await readFixture(`npy/${name}.npy`);
  expect(Buffer.from(encodeNpy(predictions)).toString("latin1")).toBe(saved.toString("latin1"));
});

test("labels that only look like numbers, or would become the same number, stay text", () => {
  const typeOf = (...classes: string[]): string =>
    /'descr': '<(\w)/.exec(Buffer.from(encodeNpy(classify(...classes))).toString("latin1"))?.[1] ??
    "";
  expect(typeOf("1", "2")).toBe("i");
  expect(typeOf("1", "2.5")).toBe("f");
  expect(typeOf("9007199254740993", "1")).toBe("f");
  expect(typeOf("1", "1.0")).toBe("U");
  expect(typeOf("007", "1")).toBe("U");
  expect(typeOf("1e999", "1")).toBe("U");
  expect(typeOf("", "1")).toBe("U");
});

const hasNumpy = spawnSync(PYTHON, ["-c", "import numpy"]).status === 0;
if (!hasNumpy) {
  process.stderr.write(
    `SKIPPED: ${PYTHON} has no numpy, so no answer is loaded by it; set BYOC_TEST_PYTHON to one that has\n`,
  );
}

test.skipIf(!hasNumpy)("the NumPy of this machine loads every answer without pickle", () => {
  const script =
    "import io, json, sys, numpy\n" +
    "array = numpy.load(io.BytesIO(sys.stdin.buffer.read()), allow_pickle=False)\n" +
    "print(json.dumps([str(array.dtype), array.tolist()]))";
  const load = (predictions: Predictions): unknown => {
    const { stdout } = spawnSync(PYTHON, ["-c", script], { input: encodeNpy(predictions) });
    return JSON.parse(stdout.toString());
  };
  expect(load(classify("setosa", "Iris-ä😀"))).toEqual(["<U7", ["setosa", "Iris-ä😀", "setosa"]]);
  expect(load(classify("-1", "10"))).toEqual(["int64", [-1, 10, -1]]);
  expect(load(classify("0.5", "1.0"))).toEqual(["float64", [0.5, 1, 0.5]]);
  expect(load(classify("", "1"))).toEqual(["<U1", ["", "1", ""]]);
  const values = new Float32Array([0.5, 2.5]);
  expect(load({ kind: "values", values })).toEqual(["float32", [0.5, 2.5]]);
  expect(load({ kind: "values", values: new Float64Array(0) })).toEqual(["float64", []]);
});
