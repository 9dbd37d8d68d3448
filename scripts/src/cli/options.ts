import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { InvalidArgumentError } from "commander";
import { usageError } from "./command-error.ts";

/** Values of an option that may be given several times: name to value, in the order given. */
export type NamedValues = Readonly<Record<string, string>>;

/** Reads one `name=value` of a repeatable option; the value may hold further equals signs, or be empty. */
export const collectNamedValue = (text: string, earlier: NamedValues = {}): NamedValues => {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("Expected name=value.");
  const name = text.slice(0, at);
  if (Object.hasOwn(earlier, name)) throw new InvalidArgumentError(`"${name}" is given twice.`);
  return { ...earlier, [name]: text.slice(at + 1) };
};

/** Reads a port number, 0 to 65535; 0 lets the system choose a free one. */
export const parsePort = (text: string): number => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new InvalidArgumentError("Expected a port from 0 to 65535.");
  return port;
};

/** Checks that the channels' files or folders exist, and makes their paths absolute. */
export const resolveChannels = async (channels: NamedValues): Promise<NamedValues> => {
  const resolved: Record<string, string> = {};
  for (const [name, path] of Object.entries(channels)) {
    resolved[name] = resolve(path);
    const found = await stat(resolved[name]).catch(() => undefined);
    if (found === undefined)
      throw usageError(`channel ${name}: there is no file or folder ${path}`);
  }
  return resolved;
};

/** Reads a hyperparameters.json; values that are no text are written as JSON, as SageMaker's clients do. */
export const readHyperparameterFile = async (path: string): Promise<NamedValues> => {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) throw usageError(`--hyperparameters: there is no file ${path}`);
  const values = parseObject(text);
  if (values === undefined) {
    throw usageError(`--hyperparameters: ${path} holds no JSON object such as {"max_depth": "3"}`);
  }
  const entries = Object.entries(values);
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
};

const parseObject = (text: string): object | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
};
