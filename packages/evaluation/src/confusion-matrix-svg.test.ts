import { expect, test } from "vitest";
import { evaluateClassification, type ClassificationEvaluation } from "./classification.ts";
import { contrastRatio, type Rgb } from "./color-scale.ts";
import { confusionMatrixToSvg } from "./confusion-matrix-svg.ts";

/** An evaluation of so many classes, most rows right, some taken for the class after theirs. */
const evaluate = (labels: readonly string[]): ClassificationEvaluation => {
  const rows = Array.from({ length: 40 * labels.length }, (_, row) => row % labels.length);
  return evaluateClassification({
    classes: labels,
    actual: Int32Array.from(rows),
    predicted: Int32Array.from(rows, (actual, row) =>
      row % 7 === 0 ? (actual + 1) % labels.length : actual,
    ),
  });
};

/** Throws unless every element is closed, in the right order. */
const checkWellFormed = (svg: string): void => {
  const open: string[] = [];
  for (const [, slash, name = "", end] of svg.matchAll(
    /<(\/?)(\w+)(?:\s[\w:-]+="[^"<]*")*(\/?)>/g,
  )) {
    if (slash === "/") expect(open.pop()).toBe(name);
    else if (end !== "/") open.push(name);
  }
  expect(open).toEqual([]);
  expect(svg.replaceAll(/<\/?\w+(?:\s[\w:-]+="[^"<]*")*\/?>/g, "")).not.toMatch(/[<>]|&(?!\w+;)/);
};

const hostile = [
  `</svg><script>alert("1")</script>`,
  "a & b 'c' \0\u202E",
  "x".repeat(500),
  "",
  "花".repeat(30),
];

test("the picture is well-formed, has a name and needs nothing else, for few and many classes", () => {
  for (const count of [0, 1, 2, 3, 20]) {
    const svg = confusionMatrixToSvg(
      evaluate(Array.from({ length: count }, (_, i) => `class ${i}`)),
      {
        title: "Iris",
      },
    );
    checkWellFormed(svg);
    expect(svg).toMatch(/^<svg [^>]*role="img"/);
    expect(svg).toContain("<title>Iris</title>");
    expect(svg).not.toMatch(/<script|href=|url\(|@import|NaN|undefined/);
    expect(svg.match(/font-weight="600">\d+</g) ?? []).toHaveLength(count * count);
  }
});

test("hostile and long labels are escaped, shortened and complete in the tooltips", () => {
  const svg = confusionMatrixToSvg(evaluate(hostile), { title: `<b>&"'` });
  checkWellFormed(svg);
  expect(svg).not.toContain("<script");
  expect(svg).toContain(`<title>${"x".repeat(500)}</title>${"x".repeat(17)}…</text>`);
});

test("each cell tells its count and its share of the actual class", () => {
  const svg = confusionMatrixToSvg(
    evaluateClassification({
      classes: ["a", "b", "never"],
      actual: Int32Array.from([...Array.from({ length: 1000 }, () => 0), 1]),
      predicted: Int32Array.from([1, ...Array.from({ length: 999 }, () => 0), 1]),
    }),
    { title: "shares" },
  );
  const shares = Array.from(svg.matchAll(/dy="1.25em"[^>]*>([^<]*)</g), ([, share]) => share);
  expect(shares).toEqual(["&gt; 99 %", "&lt; 1 %", "0 %", "0 %", "100 %", "0 %", "–", "–", "–"]);
  expect(svg).toContain("<title>999 of 1000 rows: actual a, predicted a</title>");
  expect(svg).toContain("1001 rows, accuracy 99.9 %");
});

test("all text stands out from its background at 4.5 : 1 or more", () => {
  const svg = confusionMatrixToSvg(evaluate(["a", "b", "c"]), { title: "contrast" });
  const cells = svg.matchAll(/<g [^>]*fill="(#\w{6})">.*?<rect [^>]*fill="(#\w{6})"/g);
  const onWhite = svg.matchAll(/<text [^>]*fill="(#\w{6})"/g);
  const pairs = [
    ...Array.from(cells, ([, text = "", background = ""]) => [text, background] as const),
    ...Array.from(onWhite, ([, text = ""]) => [text, "#ffffff"] as const),
  ];
  expect(pairs.length).toBeGreaterThan(9);
  for (const [text, background] of pairs) {
    expect(contrastRatio(parseColor(text), parseColor(background))).toBeGreaterThanOrEqual(4.5);
  }
});

test("equal input gives equal bytes", () => {
  const options = { title: "again" };
  expect(confusionMatrixToSvg(evaluate(hostile), options)).toBe(
    confusionMatrixToSvg(evaluate(hostile), options),
  );
});

const parseColor = (hex: string): Rgb => {
  const [red = 0, green = 0, blue = 0] = Buffer.from(hex.slice(1), "hex");
  return [red, green, blue];
};
