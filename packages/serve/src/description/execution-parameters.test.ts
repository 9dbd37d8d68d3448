import fc from "fast-check";
import { expect, test } from "vitest";
import { toExecutionParameters } from "./execution-parameters.ts";

const MB = 1024 ** 2;
const GB = 1024 * MB;

test.each([
  [{ cpus: 1, memoryBytes: 8 * GB, maxBodyBytes: 100 * MB }, 1, 100],
  [{ cpus: 4, memoryBytes: 16 * GB, maxBodyBytes: 100 * MB }, 4, 25],
  [{ cpus: 4, memoryBytes: 16 * GB, maxBodyBytes: 6.5 * MB }, 4, 6],
  [{ cpus: 64, memoryBytes: 256 * GB, maxBodyBytes: Infinity }, 16, 6],
  [{ cpus: 0.5, memoryBytes: 8 * GB, maxBodyBytes: 100 * MB }, 1, 100],
  [{ cpus: 4, memoryBytes: 256 * MB, maxBodyBytes: 100 * MB }, 4, 8],
  [{ cpus: 8, memoryBytes: 64 * MB, maxBodyBytes: 100 * MB }, 8, 1],
  [{ cpus: 8, memoryBytes: 16 * GB, maxBodyBytes: 100 * MB, workers: 1 }, 1, 100],
  [{ cpus: 2, memoryBytes: 16 * GB, maxBodyBytes: 100 * MB, maxRows: 1e6, columns: 4 }, 2, 7],
])("%j gives %i requests of %i MB at the same time", (resources, concurrent, payload) => {
  expect(toExecutionParameters(resources)).toEqual({
    MaxConcurrentTransforms: concurrent,
    BatchStrategy: "MULTI_RECORD",
    MaxPayloadInMB: payload,
  });
});

test("whatever the machine, SageMaker takes the answer", () => {
  const size = fc.double({ min: 1, max: 2 ** 42, noNaN: true });
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 500, noNaN: true }), size, size, (cpus, a, b) => {
      const parameters = toExecutionParameters({ cpus, memoryBytes: a, maxBodyBytes: b });
      const { MaxConcurrentTransforms, MaxPayloadInMB } = parameters;
      expect(Number.isInteger(MaxConcurrentTransforms) && MaxConcurrentTransforms >= 1).toBe(true);
      expect(Number.isInteger(MaxPayloadInMB) && MaxPayloadInMB >= 1).toBe(true);
      expect(MaxConcurrentTransforms * MaxPayloadInMB).toBeLessThanOrEqual(100);
    }),
  );
});
