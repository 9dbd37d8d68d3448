import { basename, resolve } from "node:path";
import { defineConfig, type ViteUserConfig } from "vitest/config";

/** One configuration for every workspace: `vitest` runs in the folder of the package that it tests. */
const config: ViteUserConfig = defineConfig({
  cacheDir: resolve(import.meta.dirname, "../node_modules/.cache/vitest", basename(process.cwd())),
  test: {
    include: ["{src,test}/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: ["default", ["json", { outputFile: ".test-results.json" }]],
  },
});

export default config;
