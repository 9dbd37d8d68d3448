import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError } from "@byoc/errors";
import type { Service } from "../../service.ts";

/** A model that answers each row with its weight, after as long as its file says. */
export interface Weight {
  readonly weight: number;
  /** Holds memory outside V8's heap. */
  readonly ballast: Float64Array;
}

/** The service of such models; `weight.txt` holds `<weight> <milliseconds to load> <bytes of ballast>`. */
export const weightService: Service<Weight> = {
  modelDir: "/opt/ml/model",
  async load(modelDir) {
    const text = await readFile(join(modelDir, "weight.txt"), "utf8");
    const [weight = NaN, loadMs = 0, bytes = 0] = text.split(" ").map(Number);
    await new Promise((resolve) => setTimeout(resolve, loadMs));
    if (Number.isNaN(weight)) {
      throw new InputError("WEIGHT", `weight.txt holds ${text}, not a number`);
    }
    return { weight, ballast: new Float64Array(bytes / 8).fill(1) };
  },
  input: () => ({ columns: 1 }),
  predict: ({ weight }, { rows }) => ({
    kind: "values",
    values: new Float64Array(rows).fill(weight),
  }),
  cost: "short",
};

/** A folder of models that is removed when it goes out of use. */
export interface ModelsFolder extends AsyncDisposable {
  readonly path: string;
  /** Writes a model as SageMaker unpacks it, and gives the `url` of it. */
  write(name: string, text: string): Promise<string>;
}

/** A new, empty folder for models. */
export const makeModelsFolder = async (): Promise<ModelsFolder> => {
  const path = await mkdtemp(join(tmpdir(), "models-"));
  return {
    path,
    async write(name, text) {
      const url = join(path, name, "model");
      await mkdir(url, { recursive: true });
      await writeFile(join(url, "weight.txt"), text);
      return url;
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true }),
  };
};
