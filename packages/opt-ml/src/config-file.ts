import { readFileSync } from "node:fs";
import path from "node:path";
import { InputError, quote } from "@byoc/errors";

/** A JSON object whose members are not yet known. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Tells a JSON object from an array, a scalar and null. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Reads one file of `/opt/ml/input/config`: a JSON object, or undefined when the file is absent or blank.
 *
 * SageMaker writes some of these files only when a feature is used, and hand-made trees hold empty ones.
 *
 * @throws InputError CONFIG_FILE when the file cannot be read or does not hold a JSON object
 */
export const readConfigFile = (inputConfigDir: string, name: string): JsonObject | undefined => {
  const file = path.join(inputConfigDir, name);
  const text = readIfPresent(file, name)
    ?.replace(/^\uFEFF/u, "")
    .trim();
  if (!text) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const problem = `this is not JSON: ${(error as Error).message}; the file begins with ${quote(text)}`;
    throw new InputError("CONFIG_FILE", problem, { file: name, cause: error });
  }
  if (!isJsonObject(value)) {
    throw new InputError("CONFIG_FILE", `expected a JSON object, found ${quote(text)}`, {
      file: name,
    });
  }
  return value;
};

const readIfPresent = (file: string, name: string): string | undefined => {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    const hint =
      code === "EACCES"
        ? "; SageMaker expects the container to run as root: remove USER from the Dockerfile"
        : "";
    throw new InputError("CONFIG_FILE", `cannot be read: ${message}${hint}`, {
      file: name,
      cause: error,
    });
  }
};
