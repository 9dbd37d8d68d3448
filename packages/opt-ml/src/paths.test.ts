import { afterEach, expect, test, vi } from "vitest";
import { createPaths } from "./paths.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

test("everything lies below /opt/ml", () => {
  vi.stubEnv("SAGEMAKER_BASE_DIR", undefined);
  expect(createPaths()).toEqual({
    baseDir: "/opt/ml",
    inputDir: "/opt/ml/input",
    inputConfigDir: "/opt/ml/input/config",
    inputDataDir: "/opt/ml/input/data",
    modelDir: "/opt/ml/model",
    outputDir: "/opt/ml/output",
    outputDataDir: "/opt/ml/output/data",
    outputIntermediateDir: "/opt/ml/output/intermediate",
    failureFile: "/opt/ml/output/failure",
    defaultCheckpointDir: "/opt/ml/checkpoints",
  });
});

test.each([
  ["/tmp/tree/", "/tmp/tree/model"],
  ["", "/opt/ml/model"],
  ["tree", `${process.cwd()}/tree/model`],
])("SAGEMAKER_BASE_DIR %j moves it", (baseDir, modelDir) => {
  vi.stubEnv("SAGEMAKER_BASE_DIR", baseDir);
  expect(createPaths().modelDir).toBe(modelDir);
});
