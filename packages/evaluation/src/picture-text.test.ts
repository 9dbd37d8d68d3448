import { expect, test } from "vitest";
import { countColumns, escapeXml, estimateTextWidth, shortenText } from "./picture-text.ts";

test("text that means something in XML is escaped", () => {
  expect(escapeXml(`<a href="x" b='y'>&amp;</a>`)).toBe(
    "&lt;a href=&quot;x&quot; b=&apos;y&apos;&gt;&amp;amp;&lt;/a&gt;",
  );
});

test("what XML cannot hold is replaced, so are characters that turn the direction around", () => {
  expect(escapeXml("a\0b\u0008c\uD800d\u202Ee\uFFFFf")).toBe(
    "a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\uFFFDf",
  );
  expect(escapeXml("😀 é 花")).toBe("😀 é 花");
});

test("text is one line", () => {
  expect(escapeXml(" a\r\n\tb ")).toBe("a b");
});

test("long text is cut between characters and ends in an ellipsis", () => {
  expect(shortenText("versicolor", 10)).toBe("versicolor");
  expect(shortenText("versicolor", 9)).toBe("versicol…");
  expect(shortenText("😀😀😀", 5)).toBe("😀😀…");
  expect(shortenText("a b", 2)).toBe("a…");
});

test("East Asian characters and emoji count twice", () => {
  expect(countColumns("a花😀é")).toBe(6);
  expect(estimateTextWidth("aa", 10)).toBe(12);
});
