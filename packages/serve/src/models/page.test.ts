import fc from "fast-check";
import { expect, test } from "vitest";
import type { NamedModel } from "./load-request.ts";
import { takePage } from "./page.ts";

const toModels = (names: Iterable<string>): NamedModel[] =>
  [...new Set(names)]
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((name) => ({ name, url: `/${name}` }));

const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 });

test("the pages give every model that stays, once, whatever is loaded and unloaded between them", () => {
  fc.assert(
    fc.property(
      fc.array(name),
      fc.infiniteStream(fc.record({ loaded: fc.array(name), unloaded: fc.array(name) })),
      fc.integer({ min: 1, max: 5 }),
      (names, changes, size) => {
        const present = new Set(names);
        const staying = new Set(names);
        const seen: string[] = [];
        let token: string | undefined;
        for (let round = 0; round < 8; round++) {
          const page = takePage(toModels(present), token, size);
          expect(page.models.length).toBeLessThanOrEqual(size);
          seen.push(...page.models.map(({ modelName }) => modelName));
          token = page.nextPageToken;
          if (token === undefined) break;
          const { value } = changes.next() as { value: { loaded: string[]; unloaded: string[] } };
          for (const added of value.loaded) present.add(added);
          for (const removed of value.unloaded) {
            present.delete(removed);
            staying.delete(removed);
          }
        }
        expect(new Set(seen).size).toBe(seen.length);
        if (token === undefined) expect(seen).toEqual(expect.arrayContaining([...staying]));
      },
    ),
  );
});

test("the last page has no token, also when it is full or empty", () => {
  const models = toModels(["a", "b", "c", "d"]);
  const first = takePage(models, undefined, 2);
  expect(first).toEqual({
    models: [
      { modelName: "a", modelUrl: "/a" },
      { modelName: "b", modelUrl: "/b" },
    ],
    nextPageToken: expect.stringMatching(/^[\w-]+$/),
  });
  expect(takePage(models, first.nextPageToken, 2)).not.toHaveProperty("nextPageToken");
  expect(takePage([], first.nextPageToken, 2)).toEqual({ models: [] });
  expect(takePage([], "")).toEqual({ models: [] });
});

test("a token that no page gave is refused", () => {
  for (const token of ["x", "YWZ0ZXI", "YWZ0ZXI6YQ==", "YWZ0ZXI6YQ!", "YWZ0ZXI6/w", "💥"]) {
    expect(() => takePage([], token), token).toThrow("expected the nextPageToken");
  }
});
