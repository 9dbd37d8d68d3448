import { InputError, listNames, quote } from "@byoc/errors";

/** How much is logged, by name. */
export const LOG_LEVEL_VARIABLE = "BYOC_LOG_LEVEL";
/** The same as SageMaker's Python SDK sets it: 10, 20, 30 or 40, as in Python's `logging`. */
export const SAGEMAKER_LOG_LEVEL_VARIABLE = "SAGEMAKER_CONTAINER_LOG_LEVEL";

/** How much is logged, from all to errors only. */
export type LogLevel = "debug" | "info" | "warn" | "error";

const NAMES: Readonly<Record<string, LogLevel>> = {
  debug: "debug",
  info: "info",
  warn: "warn",
  warning: "warn",
  error: "error",
  critical: "error",
};

/**
 * The level that the environment asks for: `BYOC_LOG_LEVEL` if it is set, else `SAGEMAKER_CONTAINER_LOG_LEVEL`, else info.
 *
 * @throws {InputError} `SETTING_INVALID` names the variable, what it holds and what is allowed.
 * @see https://docs.python.org/3/library/logging.html#logging-levels
 * @see https://sagemaker.readthedocs.io/en/stable/api/inference/model.html
 */
export const readLogLevel = (
  environment: Readonly<Record<string, string | undefined>> = process.env,
): LogLevel => {
  for (const variable of [LOG_LEVEL_VARIABLE, SAGEMAKER_LOG_LEVEL_VARIABLE]) {
    const text = environment[variable]?.trim().toLowerCase() ?? "";
    if (text === "") continue;
    const level = /^\d+$/.test(text) ? fromPython(Number(text)) : NAMES[text];
    if (level !== undefined) return level;
    throw new InputError(
      "SETTING_INVALID",
      `${variable} is ${quote(text)}; expected ${listNames(["debug", "info", "warn", "error"])}, or a number as in Python's logging: 10 is debug, 20 info`,
    );
  }
  return "info";
};

const fromPython = (level: number): LogLevel => {
  if (level < 20) return "debug";
  if (level < 30) return "info";
  return level < 40 ? "warn" : "error";
};
