import { runCommand } from "@byoc/opt-ml/command";

await runCommand({
  train: async () => (await import("./train.ts")).train(),
  serve: async (modelDir) => (await import("./serve.ts")).serve(modelDir),
});
