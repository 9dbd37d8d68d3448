import { join } from "node:path";
import type { CommandLine } from "./cores.ts";
import { csv, csvIgnored, namedRows, openInference, type Protocol } from "./protocols.ts";
import { cacheDir, findPeerDir, type StackName } from "./python-stack.ts";

/** How many processes compute predictions, in every contender that has a choice. */
export const WORKERS = 2;

/** Where a contender runs this time. */
export interface Place {
  /** A free port of 127.0.0.1; two further ones for contenders that need them. */
  readonly ports: readonly [port: number, second: number, third: number];
  /** A folder of its own, removed afterwards. */
  readonly dir: string;
  /** The container's `main.ts`. */
  readonly entry: string;
  /** The folder of the stack's `python`; empty when it has none. */
  readonly binDir: string;
}

/** A server that takes part in the comparison. */
export interface Contender {
  readonly id: string;
  readonly title: string;
  /** A ceiling answers without computing; peers are what ours is compared with. */
  readonly role: "ours" | "peer" | "ceiling";
  readonly stack?: StackName;
  readonly needsNginx?: boolean;
  readonly protocol: Protocol;
  /** Answers 200 as soon as it can predict. */
  readonly readyPath: string;
  command(place: Place): CommandLine;
  environment?(place: Place): Readonly<Record<string, string>>;
}

/** Node's compile cache, filled as in the image. */
export const compileCacheDir: string = join(cacheDir, "node-compile");

const uvicorn = (app: string) => ({
  role: "peer" as const,
  stack: "fastapi" as const,
  protocol: csv,
  readyPath: "/ping",
  command: ({ binDir, ports: [port] }: Place): CommandLine => [
    join(binDir, "uvicorn"),
    app,
    `--app-dir=${findPeerDir("fastapi")}`,
    "--host=127.0.0.1",
    `--port=${port}`,
    `--workers=${WORKERS}`,
    "--no-access-log",
  ],
});

/** All of them, in the order of the table. */
export const CONTENDERS: readonly Contender[] = [
  {
    id: "ours",
    title: "**this container**",
    role: "ours",
    protocol: csv,
    readyPath: "/ping",
    command: ({ entry }) => [process.execPath, entry, "serve"],
    environment: ({ ports: [port] }) => ({
      NODE_ENV: "production",
      NODE_COMPILE_CACHE: compileCacheDir,
      BYOC_HOST: "127.0.0.1",
      SAGEMAKER_BIND_TO_PORT: String(port),
      SAGEMAKER_MODEL_SERVER_WORKERS: String(WORKERS),
    }),
  },
  {
    id: "sample",
    title: "AWS sample: nginx, gunicorn, Flask, pandas",
    role: "peer",
    stack: "sample",
    needsNginx: true,
    protocol: csv,
    readyPath: "/ping",
    command: ({ binDir, ports: [port], dir }) => [
      join(binDir, "python"),
      join(findPeerDir("sample"), "serve.py"),
      String(port),
      dir,
      String(WORKERS),
    ],
  },
  { id: "fastapi-pandas", title: "FastAPI, uvicorn, pandas", ...uvicorn("with_pandas:app") },
  { id: "fastapi-hand", title: "FastAPI, uvicorn, split by hand", ...uvicorn("by_hand:app") },
  {
    id: "mlserver",
    title: "MLServer, as it comes: one inference process",
    role: "peer",
    stack: "mlserver",
    protocol: openInference,
    readyPath: "/v2/models/tree/ready",
    command: ({ binDir }) => [join(binDir, "mlserver"), "start", findPeerDir("mlserver")],
    environment: ({ ports: [port, second, third], dir }) => ({
      MLSERVER_HOST: "127.0.0.1",
      MLSERVER_HTTP_PORT: String(port),
      MLSERVER_GRPC_PORT: String(second),
      MLSERVER_METRICS_PORT: String(third),
      MLSERVER_METRICS_DIR: join(dir, "metrics"),
      MLSERVER_DEBUG: "false",
    }),
  },
  {
    id: "bentoml",
    title: "BentoML",
    role: "peer",
    stack: "bentoml",
    protocol: namedRows,
    readyPath: "/readyz",
    command: ({ binDir, ports: [port] }) => [
      join(binDir, "bentoml"),
      "serve",
      "service:Tree",
      `--working-dir=${findPeerDir("bentoml")}`,
      "--host=127.0.0.1",
      `--port=${port}`,
    ],
    environment: ({ dir }) => ({
      BENTOML_HOME: join(dir, "home"),
      BENTOML_DO_NOT_TRACK: "true",
      BENCH_WORKERS: String(WORKERS),
    }),
  },
  {
    id: "node-http",
    title: "bare node:http, cluster, answers a constant",
    role: "ceiling",
    protocol: csvIgnored,
    readyPath: "/ping",
    command: ({ ports: [port] }) => [
      process.execPath,
      join(import.meta.dirname, "peers/node-http.ts"),
      String(port),
      String(WORKERS),
    ],
  },
];
