import { isatty } from "node:tty";
import { InputError, quote } from "@byoc/errors";
import { MetricsError, toEmbeddedMetrics } from "@byoc/metrics";

/** `on` or `off`: CloudWatch metrics as lines on stdout. */
export const EMBEDDED_METRICS_VARIABLE = "BYOC_EMBEDDED_METRICS";
/** The namespace of these metrics in CloudWatch: one for each model or endpoint that should be seen apart. */
export const EMBEDDED_METRICS_NAMESPACE_VARIABLE = "BYOC_EMBEDDED_METRICS_NAMESPACE";

const DEFAULT_NAMESPACE = "BYOC";
const STDOUT = 1;

/** What the environment says of CloudWatch metrics. */
export interface EmfSettings {
  readonly enabled: boolean;
  readonly namespace: string;
}

/**
 * Reads whether and under which name CloudWatch metrics are written: on, unless stdout is a terminal, where nothing
 * collects them.
 *
 * SageMaker sets no variable that tells a container that it runs there; elsewhere the lines, one a minute under load,
 * are ordinary log lines.
 *
 * @throws {InputError} `SETTING_INVALID` names the variable, what it holds and what is allowed.
 */
export const readEmfSettings = (
  environment: Readonly<Record<string, string | undefined>> = process.env,
): EmfSettings => {
  const text = environment[EMBEDDED_METRICS_VARIABLE]?.trim().toLowerCase() || undefined;
  if (text !== undefined && text !== "on" && text !== "off") {
    throw new InputError(
      "SETTING_INVALID",
      `${EMBEDDED_METRICS_VARIABLE} is ${quote(text)}; expected on or off`,
    );
  }
  const namespace = environment[EMBEDDED_METRICS_NAMESPACE_VARIABLE]?.trim() || DEFAULT_NAMESPACE;
  checkNamespace(namespace);
  return { enabled: text === undefined ? !isatty(STDOUT) : text === "on", namespace };
};

const checkNamespace = (namespace: string): void => {
  try {
    toEmbeddedMetrics({ namespace, metrics: {} });
  } catch (error) {
    if (!(error instanceof MetricsError)) throw error;
    throw new InputError(
      "SETTING_INVALID",
      `${EMBEDDED_METRICS_NAMESPACE_VARIABLE}: ${error.message}`,
      { cause: error },
    );
  }
};
