import { readCpuLimit, readMemoryLimitBytes } from "@byoc/limits";
import type { Answer } from "../answer.ts";
import type { DescribedService } from "../description/described-service.ts";
import type { Pages } from "../http/app.ts";
import type { Rules } from "../invocation/rules.ts";
import { InvocationError } from "../invocation-error.ts";
import type { MetricsSnapshot } from "../observability/snapshot.ts";
import type { InputDeclaration } from "../service.ts";
import type { ServerSettings } from "../settings.ts";

/** What the pages tell of. */
export interface PageSources {
  readonly settings: ServerSettings;
  /** Undefined is one for each CPU. */
  readonly workers: number | undefined;
  /** What the model reads and answers; undefined before it is loaded, and where there is no single model. */
  describe(): { readonly input: InputDeclaration; readonly rules: Rules } | undefined;
  /** What all processes have counted. */
  collect(): Promise<MetricsSnapshot>;
}

const JSON_HEADERS = { "content-type": "application/json" };

/** GET /, /openapi.json, /execution-parameters and /metrics. */
export const createPages = async (sources: PageSources): Promise<Pages> => {
  const [
    { answerDescription },
    { toBaseUrl },
    { toOpenApi },
    { toExecutionParameters },
    { PROMETHEUS_CONTENT_TYPE, toPrometheus },
  ] = await Promise.all([
    import("../description/describe-service.ts"),
    import("../description/described-service.ts"),
    import("../description/open-api.ts"),
    import("../description/execution-parameters.ts"),
    import("../observability/prometheus.ts"),
  ]);
  const { settings, workers } = sources;
  const baseUrlOf = (request: Request): string =>
    toBaseUrl(request.headers.get("host") ?? undefined, settings.port);
  const describe = (): DescribedService => {
    const model = sources.describe();
    if (model === undefined) throw noDescription();
    const { input, rules } = model;
    const { maxBodyBytes, maxRows } = settings;
    return { input, contentTypes: rules.readable, accepts: rules.offered, maxBodyBytes, maxRows };
  };
  const parametersOf = (): ReturnType<typeof toExecutionParameters> => {
    const input = sources.describe()?.input;
    return toExecutionParameters({
      cpus: readCpuLimit(),
      memoryBytes: readMemoryLimitBytes(),
      maxBodyBytes: settings.maxBodyBytes,
      maxRows: settings.maxRows,
      workers,
      ...(input !== undefined && "columns" in input ? { columns: input.columns } : {}),
    });
  };
  return {
    "/": (request) =>
      answerDescription(describe(), {
        accept: request.headers.get("accept") ?? undefined,
        baseUrl: baseUrlOf(request),
      }),
    "/openapi.json": (request) =>
      toJson(
        toOpenApi(describe(), { baseUrl: baseUrlOf(request), executionParameters: parametersOf() }),
      ),
    "/execution-parameters": () => toJson(parametersOf()),
    "/metrics": async () => ({
      status: 200,
      headers: { "content-type": PROMETHEUS_CONTENT_TYPE },
      body: toPrometheus(await sources.collect()),
    }),
  };
};

const toJson = (value: unknown): Answer => ({
  status: 200,
  headers: JSON_HEADERS,
  body: `${JSON.stringify(value)}\n`,
});

const noDescription = (): InvocationError =>
  new InvocationError(
    503,
    "MODEL_LOADING",
    "there is no model to describe; it is still being loaded, or this is a multi-model endpoint",
  );
