import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { defineHyperparameters } from "./hyperparameters.ts";

/** Reads one value `x` of the given schema. */
const read = (schema: z.ZodType, x: unknown): unknown => {
  const declaration = defineHyperparameters(z.object({ x: schema }));
  return (declaration.read({ x }) as { x?: unknown }).x;
};

const fail = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    expect(error).toMatchObject({ name: "InputError", code: "HYPERPARAMETERS" });
    return (error as Error).message;
  }
  throw new Error("it was read without an error");
};

describe("one declared type reads every encoding", () => {
  test.each(["5", '"5"', "5.0", '"5.0"', "5e0", "0.5e1", "+5", " 5 ", "05", 5])(
    "integer: %j",
    (text) => {
      expect(read(z.int(), text)).toBe(5);
    },
  );

  test.each([
    ["1e3", 1000],
    ["-0", -0],
    ["9007199254740991", Number.MAX_SAFE_INTEGER],
  ])("integer: %j is %d", (text, value) => {
    expect(read(z.int(), text)).toBe(value);
  });

  test.each(
    ["", " ", "5.5", "1e-3", "five", "0x10", "1_000", "1,000", "١٢", "NaN", "nan", "inf"].concat([
      "Infinity",
      "-inf",
      "1e400",
      "5 5",
      "5%",
      "--5",
      "e5",
      ".",
      "[5]",
      "true",
      '"None"',
      '""5""',
    ]),
  )("no integer: %j", (text) => {
    expect(fail(() => read(z.int(), text))).toMatch(
      /^hyperparameter x: received ".*", expected an integer$/u,
    );
  });

  test("an integer that is too large to be exact is refused, with the reason", () => {
    expect(fail(() => read(z.int(), "9007199254740993"))).toMatch(
      /^hyperparameter x: received "9007199254740993", expected an integer \(.*9007199254740991\)$/u,
    );
  });

  test.each([
    ["0.1", 0.1],
    ['"0.1"', 0.1],
    [".5", 0.5],
    ["5.", 5],
    ["1e-05", 1e-5],
    ["1E+16", 1e16],
    ["-1.5", -1.5],
    [0.1, 0.1],
  ])("number: %j", (text, value) => {
    expect(read(z.number(), text)).toBe(value);
  });

  test.each(["NaN", "nan", "inf", "-Infinity", "1e400", "0,1", "0x10", "1_0.5", "1 e5"])(
    "no number: %j",
    (text) => {
      expect(fail(() => read(z.number(), text))).toContain("expected a number");
    },
  );

  test.each(["true", "True", "TRUE", "1", '"true"', '"True"', "yes", "on", " true ", true, 1])(
    "true: %j",
    (text) => {
      expect(read(z.boolean(), text)).toBe(true);
    },
  );

  test.each(["false", "False", "FALSE", "0", '"false"', "no", "off", false, 0])(
    "false: %j",
    (text) => {
      expect(read(z.boolean(), text)).toBe(false);
    },
  );

  test.each(["", "2", "t", "truth", "[true]"])("neither true nor false: %j", (text) => {
    expect(fail(() => read(z.boolean(), text))).toContain("expected true or false");
  });

  test.each([
    ["adam", "adam"],
    ['"adam"', "adam"],
    [' "adam" ', "adam"],
    ["", ""],
    ['""', ""],
    ["  leading", "  leading"],
    ["trailing\n", "trailing\n"],
    ["5", "5"],
    ["5.0", "5.0"],
    ["True", "True"],
    ['{"a":1}', '{"a":1}'],
    ["['a']", "['a']"],
    ["'adam'", "'adam'"],
    ['"', '"'],
    ['say "hi"', 'say "hi"'],
    ['"a", "b"', '"a", "b"'],
    [String.raw`"a\"b\u00e9"`, 'a"bé'],
    ['"None"', "None"],
    ['"null"', "null"],
    [String.raw`"\"twice\""`, '"twice"'],
    [String.raw`C:\temp`, String.raw`C:\temp`],
    [7, "7"],
  ])("text: %j is %j", (text, value) => {
    expect(read(z.string(), text)).toBe(value);
  });

  test.each(["gini", '"gini"'])("choice: %j", (text) => {
    expect(read(z.enum(["gini", "entropy"]), text)).toBe("gini");
  });

  test("a choice is told with what is allowed", () => {
    expect(fail(() => read(z.enum(["gini", "entropy"]), "Gini"))).toBe(
      'hyperparameter x: received "Gini", expected one of gini or entropy',
    );
    expect(fail(() => read(z.literal(2), "3"))).toBe('hyperparameter x: received "3", expected 2');
  });

  test.each([
    ["2", 2],
    ["2.0", 2],
    ['"2"', 2],
    ["auto", "auto"],
    ["True", true],
  ])("choice of several types: %j", (text, value) => {
    expect(read(z.literal([1, 2, "auto", true]), text)).toBe(value);
  });

  test.each([
    ["[1, 2]", [1, 2]],
    ["(1, 2)", [1, 2]],
    ["['1', \"2\"]", [1, 2]],
    ['"[1, 2]"', [1, 2]],
    ["[1.0]", [1]],
    ["[]", []],
    [
      [1, 2],
      [1, 2],
    ],
  ])("list of integers: %j", (text, value) => {
    expect(read(z.array(z.int()), text)).toEqual(value);
  });

  test.each([
    ["['a', \"it's\"]", ["a", "it's"]],
    ['["a", "b"]', ["a", "b"]],
    ["['None', '1']", ["None", "1"]],
    ["['a', 1]", ["a", "1"]],
  ])("list of texts: %j", (text, value) => {
    expect(read(z.array(z.string()), text)).toEqual(value);
  });

  test.each([
    ["[True, False, 1]", [true, false, true]],
    ['["true", false]', [true, false]],
  ])("list of booleans: %j", (text, value) => {
    expect(read(z.array(z.boolean()), text)).toEqual(value);
  });

  test("lists hold lists, choices, alternatives, null and anything", () => {
    expect(read(z.array(z.array(z.int())), "[[1, '2'], (3,)]")).toEqual([[1, 2], [3]]);
    expect(read(z.array(z.enum(["a", "b"])), "['a', 'b']")).toEqual(["a", "b"]);
    expect(read(z.array(z.union([z.int(), z.enum(["auto"])])), "[1, 'auto']")).toEqual([1, "auto"]);
    expect(read(z.array(z.int().nullable()), "[1, None]")).toEqual([1, null]);
    expect(read(z.array(z.any()), "['a', 1, {'b': None}]")).toEqual(["a", 1, { b: null }]);
    expect(read(z.tuple([z.int(), z.string()]), "(1, 'a')")).toEqual([1, "a"]);
  });

  test.each(["1", "1,2", "[1", "a", "[None]", "['a']", "[1.5]", "[[1]]", "{'a': 1}", ""])(
    "no list of integers: %j",
    (text) => {
      expect(fail(() => read(z.array(z.int()), text))).toContain(
        "expected a list, such as [1, 2], each item an integer",
      );
    },
  );

  test.each([
    ["5", 5],
    ['"5"', 5],
    ["auto", "auto"],
    ['"auto"', "auto"],
  ])("either: %j", (text, value) => {
    expect(read(z.union([z.enum(["auto"]), z.int()]), text)).toBe(value);
  });

  test("either: what is no number stays a text where both are allowed", () => {
    expect(read(z.union([z.string(), z.int()]), "5")).toBe(5);
    expect(read(z.union([z.string(), z.int()]), "5.5")).toBe("5.5");
  });

  test("either: an error tells every alternative", () => {
    const schema = z.union([z.int().min(1), z.enum(["auto", "all"])]);
    expect(fail(() => read(schema, "some"))).toBe(
      'hyperparameter x: received "some", expected an integer from 1 upwards, or one of auto or all',
    );
    expect(fail(() => read(schema, "0"))).toContain('received "0", expected an integer from 1');
  });

  test.each([
    ["{'a': 1}", { a: 1 }],
    ['{"a": 1}', { a: 1 }],
    [String.raw`"{\"a\": 1}"`, { a: 1 }],
    [{ a: 1 }, { a: 1 }],
  ])("JSON: %j", (text, value) => {
    expect(read(z.record(z.string(), z.int()), text)).toEqual(value);
    expect(read(z.any(), text)).toEqual(value);
  });

  test("JSON: a text is a value where anything is allowed, and an error where it is not", () => {
    expect(read(z.any(), "adam")).toBe("adam");
    expect(fail(() => read(z.record(z.string(), z.int()), "adam"))).toBe(
      'hyperparameter x: received "adam", expected a JSON value',
    );
  });
});

describe("not given", () => {
  test.each(["None", "null", " None ", null])("%j takes the default", (text) => {
    expect(read(z.int().default(7), text)).toBe(7);
    expect(read(z.string().default("x"), text)).toBe("x");
    expect(read(z.array(z.int()).default([]), text)).toEqual([]);
    expect(read(z.int().optional(), text)).toBeUndefined();
  });

  test.each(["None", "null", null])("%j is null where null is allowed", (text) => {
    expect(read(z.int().nullable(), text)).toBeNull();
    expect(read(z.int().nullable().default(5), text)).toBeNull();
    expect(read(z.int().nullish(), text)).toBeNull();
  });

  test("a choice that lists the word means it", () => {
    expect(read(z.enum(["None", "balanced"]).default("balanced"), "None")).toBe("None");
    expect(read(z.enum(["None", "balanced"]).default("balanced"), "null")).toBe("balanced");
  });

  test("a required value says so", () => {
    expect(fail(() => defineHyperparameters(z.object({ x: z.int() })).read({}))).toBe(
      "hyperparameter x: is required; expected an integer",
    );
    expect(fail(() => read(z.int(), "None"))).toBe(
      'hyperparameter x: received "None", expected an integer',
    );
  });
});

describe("ranges and rules", () => {
  test.each([
    [z.int().min(1).max(64), "an integer from 1 to 64"],
    [z.int().min(1), "an integer from 1 upwards"],
    [z.int().max(64), "an integer up to 64"],
    [z.int().positive(), "an integer above 0"],
    [z.number().gt(0).lt(1), "a number above 0 and below 1"],
    [z.number().gt(0).max(1), "a number above 0 and up to 1"],
    [z.number().min(0).lt(1), "a number from 0 and below 1"],
    [z.number().lt(1).max(5), "a number below 1"],
  ])("a value out of range is told with it: %#", (schema, expected) => {
    for (const text of ["-1000", "1000"]) {
      if (schema.safeParse(Number(text)).success) continue;
      expect(fail(() => read(schema, text))).toBe(
        `hyperparameter x: received "${text}", expected ${expected}`,
      );
    }
  });

  test("a rule that the type does not say is told in the schema's words", () => {
    expect(fail(() => read(z.string().min(2), ""))).toMatch(/received "", expected a text \(.+\)/u);
    expect(fail(() => read(z.string().regex(/^s3:/u), "x"))).toMatch(
      /expected a text \(.+s3:.+\)/u,
    );
    expect(fail(() => read(z.array(z.int()).min(1), "[]"))).toMatch(/each item an integer \(.+\)/u);
    expect(fail(() => read(z.int().multipleOf(5), "7"))).toMatch(/an integer \(.*multiple of 5\)/u);
    const even = z.int().refine((x) => x % 2 === 0, "must be even");
    expect(fail(() => read(even, "3"))).toBe('hyperparameter x: received "3"; must be even');
  });

  const declaration = defineHyperparameters(
    z
      .object({ low: z.int().default(1), high: z.int().default(5), other: z.int().default(0) })
      .refine(({ low, high }) => low < high, "low must be below high"),
  );

  test("values are checked together", () => {
    expect(declaration.read({ low: "4" })).toEqual({ low: 4, high: 5, other: 0 });
    expect(fail(() => declaration.read({ low: "5" }))).toBe(
      "hyperparameter low must be below high",
    );
  });

  test("values are not checked together with the default of one that could not be read", () => {
    expect(fail(() => declaration.read({ low: "7", high: "nine" }))).toBe(
      'hyperparameter high: received "nine", expected an integer',
    );
  });

  test("a rule about several values that names one of them is told there", () => {
    const schema = z
      .object({ low: z.int().default(9), high: z.int().default(5) })
      .refine(({ low, high }) => low < high, { path: ["low"], message: "must be below high" });
    expect(fail(() => defineHyperparameters(schema).read({}))).toBe(
      "hyperparameter low: must be below high",
    );
  });
});

describe("names", () => {
  const declaration = defineHyperparameters(
    z.object({ max_depth: z.int().default(3), seed: z.int().default(0) }),
    { unsupported: { max_leaf_nodes: "is not supported; use max_depth" } },
  );

  test.each(["max-depth", "maxDepth", "MAX_DEPTH", "max_dept", "depth_max", "max_deptth"])(
    "%s is unknown, and the nearest is told if it is near",
    (name) => {
      const message = fail(() => declaration.read({ [name]: "3" }));
      expect(message).toBe(
        name === "depth_max"
          ? `hyperparameter ${name}: is unknown; this container knows max_depth and seed`
          : `hyperparameter ${name}: is unknown; did you mean max_depth?`,
      );
    },
  );

  test("a name that is known from elsewhere gets its own advice", () => {
    expect(fail(() => declaration.read({ max_leaf_nodes: "3" }))).toBe(
      "hyperparameter max_leaf_nodes: is not supported; use max_depth",
    );
  });

  test("names that SageMaker and its SDKs add are passed over", () => {
    const raw = {
      _tuning_objective_metric: "accuracy",
      sagemaker_program: '"train.py"',
      sagemaker_anything: "1",
    };
    expect(declaration.read(raw)).toEqual({ max_depth: 3, seed: 0 });
  });

  test.each(["constructor", "toString", "", "a\nb", "é".repeat(300)])(
    "%j is unknown like any other",
    (name) => {
      expect(fail(() => declaration.read({ [name]: "1" }))).toContain("is unknown");
    },
  );

  test("a container without hyperparameters says so", () => {
    expect(fail(() => defineHyperparameters(z.object({})).read({ seed: "1" }))).toBe(
      "hyperparameter seed: is unknown: this container has no hyperparameters",
    );
  });
});

test("all problems are told at once, the offending text cut at 80 characters", () => {
  const declaration = defineHyperparameters(
    z.object({ depth: z.int().min(1), seed: z.int(), rate: z.number(), name: z.string() }),
  );
  const raw = { depth: "0", rate: "x".repeat(100), name: "n", sed: "1", zzz: "2" };
  expect(fail(() => declaration.read(raw))).toBe(
    [
      "5 hyperparameters are wrong:",
      "- sed: is unknown; did you mean seed?",
      "- zzz: is unknown; this container knows depth, seed, rate and name",
      '- depth: received "0", expected an integer from 1 upwards',
      "- seed: is required; expected an integer",
      `- rate: received "${"x".repeat(80)}…", expected a number`,
    ].join("\n"),
  );
});

describe("what a client sends is what the container reads", () => {
  const reserved = /^\s*(?:None|null)\s*$/u;

  test("any text, from a client that encodes it as JSON", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(read(z.string(), JSON.stringify(text))).toBe(text);
      }),
    );
  });

  test("any text that is neither quoted nor None or null, from a client that sends it as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        fc.pre(!reserved.test(text) && !/^\s*".*"\s*$/su.test(text));
        expect(read(z.string(), text)).toBe(text);
      }),
    );
  });

  test("any number, integer, boolean and list of them", () => {
    const number = fc.double({ noDefaultInfinity: true, noNaN: true });
    fc.assert(
      fc.property(number, fc.maxSafeInteger(), fc.boolean(), (value, integer, flag) => {
        expect(read(z.number(), String(value))).toBe(Object.is(value, -0) ? 0 : value);
        expect(read(z.int(), `${integer}.0`)).toBe(integer === 0 ? 0 : integer);
        expect(read(z.boolean(), flag ? "True" : "False")).toBe(flag);
        expect(read(z.array(z.int()), JSON.stringify([integer]))).toEqual([integer]);
      }),
    );
  });

  test("any JSON value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(value !== null && typeof value !== "string");
        const text = JSON.stringify(value);
        expect(read(z.any(), text)).toEqual(JSON.parse(text));
      }),
    );
  });

  const hasPython = spawnSync("python3", ["--version"]).status === 0;

  test.runIf(hasPython)("a list of texts, from Python's str() and json.dumps", () => {
    const lists = fc.sample(fc.array(fc.string({ unit: "binary" })), 300);
    const program =
      "import json,sys; print(json.dumps([[str(x), json.dumps(x), json.dumps(str(x))] for x in json.load(sys.stdin)]))";
    const input = JSON.stringify(lists);
    const { stdout } = spawnSync("python3", ["-c", program], { input, encoding: "utf8" });
    for (const [index, encodings] of (JSON.parse(stdout) as string[][]).entries()) {
      for (const text of encodings) {
        expect(read(z.array(z.string()), text), text).toEqual(lists[index]);
      }
    }
  });
});
