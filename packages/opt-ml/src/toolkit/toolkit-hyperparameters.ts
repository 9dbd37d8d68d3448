import { readConfigFile } from "../config-file.ts";
import { createPaths, type Paths } from "../paths.ts";
import { loadPythonJson, type PythonValue, sortedEntries, toPythonStr } from "./python-text.ts";

/** The hyperparameters as the training toolkit sorts them. */
export interface ToolkitHyperparameters {
  /** The user's own, decoded. */
  readonly user: Readonly<Record<string, PythonValue>>;
  /** Those with the prefix `sagemaker_` that the toolkit does not know itself. */
  readonly framework: Readonly<Record<string, PythonValue>>;
  /** The user's own as arguments of a program. */
  readonly userArguments: readonly string[];
  readonly program: string | null;
  readonly submitDirectory: string | null;
  readonly region: string;
  readonly jobName: string;
  readonly logLevel: PythonValue;
}

/** Names that the toolkit keeps for itself. */
const RESERVED: ReadonlySet<string> = new Set([
  "sagemaker_program",
  "sagemaker_submit_directory",
  "sagemaker_enable_cloudwatch_metrics",
  "sagemaker_region",
  "sagemaker_container_log_level",
  "sagemaker_job_name",
  "sagemaker_s3_output",
  "default_user_module_name",
  "_tuning_objective_metric",
]);

const DEFAULT_LOG_LEVEL = "20";

/** Reads hyperparameters.json as the training toolkit does. */
export const readToolkitHyperparameters = (paths: Paths): ToolkitHyperparameters => {
  const raw = readConfigFile(paths.inputConfigDir, "hyperparameters.json") ?? {};
  const all = Object.entries(raw).map(([name, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return [name, loadPythonJson(text)] as const;
  });
  const find = (name: string): PythonValue | undefined => all.find(([key]) => key === name)?.[1];
  const findText = (name: string): string | null => {
    const value = find(name) ?? null;
    return value === null ? null : toPythonStr(value);
  };
  const user = Object.fromEntries(
    all.filter(([name]) => !RESERVED.has(name) && !isFramework(name)),
  );
  return {
    user,
    framework: Object.fromEntries(all.filter(([name]) => !RESERVED.has(name) && isFramework(name))),
    userArguments: toArguments(user),
    program: process.env["SAGEMAKER_PROGRAM"] ?? findText("sagemaker_program"),
    submitDirectory: findText("sagemaker_submit_directory"),
    region: findText("sagemaker_region") ?? process.env["AWS_DEFAULT_REGION"] ?? "",
    jobName: findText("sagemaker_job_name") ?? "",
    logLevel: find("sagemaker_container_log_level") ?? loadPythonJson(DEFAULT_LOG_LEVEL),
  };
};

/**
 * The hyperparameters as arguments of a program, as the training toolkit passes them to a script: keys sorted,
 * `--key value` (`-k value` for one letter), `True` and `False`, lists as Python writes them, maps as `k=v,k2=v2`.
 *
 * @example
 * toCommandLineArguments(); // ["--epochs", "5", "--shuffle", "True"]
 */
export const toCommandLineArguments = (paths: Paths = createPaths()): readonly string[] =>
  readToolkitHyperparameters(paths).userArguments;

const toArguments = (user: Readonly<Record<string, PythonValue>>): readonly string[] =>
  sortedEntries(user).flatMap(([name, value]) => [
    name.length === 1 ? `-${name}` : `--${name}`,
    toArgument(value),
  ]);

const toArgument = (value: PythonValue): string => {
  if (value === null) return "";
  if (isMap(value)) {
    return sortedEntries(value)
      .map(([key, member]) => `${key}=${toPythonStr(member)}`)
      .join(",");
  }
  return toPythonStr(value);
};

const isFramework = (name: string): boolean => name.startsWith("sagemaker_");

const isMap = (value: PythonValue): value is Readonly<Record<string, PythonValue>> =>
  typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype;
