import { startServer } from "@byoc/serve";
import { npy } from "@byoc/serve/npy";
import { protobuf } from "@byoc/serve/protobuf";
import { load, predict } from "./model.ts";

/** Answers /ping and /invocations: rows of features in, a label for each row out. */
export const serve = (modelDir: string): Promise<void> =>
  startServer({
    modelDir,
    load,
    predict,
    input: ({ columns, featureNames }) => ({ columns, names: featureNames ?? undefined }),
    cost: "short",
    formats: [npy, protobuf],
  });
