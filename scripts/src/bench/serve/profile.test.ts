import { expect, test } from "vitest";
import { sumSelfTime } from "./profile.ts";

test("self time is added up by function, and waiting is left out", () => {
  const frame = (
    functionName: string,
    url = "",
  ): { functionName: string; url: string; lineNumber: number } => ({
    functionName,
    url,
    lineNumber: 9,
  });
  const found = sumSelfTime({
    nodes: [
      { id: 1, callFrame: frame("(idle)") },
      { id: 2, callFrame: frame("parse", "file:///a/decoders/csv.ts") },
      { id: 3, callFrame: frame("parse", "file:///a/decoders/csv.ts") },
      { id: 4, callFrame: frame("(garbage collector)") },
    ],
    samples: [1, 2, 3, 4],
    timeDeltas: [20, 50, 10, 20],
  });
  expect(found.busyShare).toBeCloseTo(0.8);
  expect(found.top).toEqual([
    { name: "parse decoders/csv.ts:10", share: 0.75 },
    { name: "(garbage collector)", share: 0.25 },
  ]);
});
