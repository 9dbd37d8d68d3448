import fc from "fast-check";
import { expect, test } from "vitest";
import { negotiate, toEssence } from "./media-types.ts";

const OFFERED = ["application/json", "text/csv", "application/jsonlines"];

const choose = (accept: string | undefined, preferred = "application/json"): string | undefined =>
  negotiate(accept, { offered: OFFERED, preferred });

test("a media type is compared without parameters, case and blanks", () => {
  expect(toEssence("Text/CSV; charset=utf-8")).toBe("text/csv");
  expect(toEssence(" application/json ")).toBe("application/json");
  expect(toEssence("")).toBe("");
});

test("a client without a wish gets the preferred type", () => {
  for (const accept of [undefined, "", " ", "*/*", "*/*;q=0.1", "text/html, */*;q=0.1"]) {
    expect(choose(accept, "text/csv")).toBe("text/csv");
  }
});

test("a client gets the type that it names, whatever the parameters and case", () => {
  expect(choose("text/csv")).toBe("text/csv");
  expect(choose("Text/CSV; header=present")).toBe("text/csv");
  expect(choose("application/jsonlines;verbose=true, text/html")).toBe("application/jsonlines");
  expect(choose('text/html;a="x,y;q=0", text/csv')).toBe("text/csv");
});

test("the highest quality wins, then the place in the header", () => {
  expect(choose("text/csv;q=0.5, application/jsonlines;q=0.8")).toBe("application/jsonlines");
  expect(choose("text/csv, application/json")).toBe("text/csv");
  expect(choose("application/json;q=0.9, text/*;Q=1")).toBe("text/csv");
});

test("the most specific range decides the quality of a type", () => {
  expect(choose("*/*, application/json;q=0")).toBe("text/csv");
  expect(choose("application/*;q=0, */*;q=0.1", "application/json")).toBe("text/csv");
  expect(choose("text/*, text/csv;q=0")).toBeUndefined();
});

test("a type that is not offered is refused", () => {
  for (const accept of ["text/html", "image/*", "csv", "text/csv;q=0", "*/*;q=0", "*/json"]) {
    expect(choose(accept)).toBeUndefined();
  }
});

test("the choice is one of the offered types with the highest quality, for any header", () => {
  const range = fc.record({
    mediaType: fc.constantFrom(...OFFERED, "text/html", "text/*", "application/*", "*/*"),
    quality: fc.constantFrom(0, 0.3, 0.7, 1),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(range, { minLength: 1, maxLength: 6, selector: (one) => one.mediaType }),
      fc.constantFrom(...OFFERED),
      (ranges, preferred) => {
        const accept = ranges.map((one) => `${one.mediaType};q=${one.quality}`).join(", ");
        const rate = (offered: string): number => {
          const [type] = offered.split("/");
          const named = [offered, `${type}/*`, "*/*"].map((name) =>
            ranges.find((one) => one.mediaType === name),
          );
          return named.find((one) => one !== undefined)?.quality ?? 0;
        };
        const best = Math.max(...OFFERED.map(rate));
        const chosen = choose(accept, preferred);
        expect(chosen === undefined ? 0 : rate(chosen)).toBe(best);
      },
    ),
  );
});

test("any text is read as an Accept header", () => {
  fc.assert(
    fc.property(fc.string(), (accept) => {
      expect([undefined, ...OFFERED]).toContain(choose(accept));
    }),
  );
});
