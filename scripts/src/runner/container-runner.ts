import type { Container } from "../container.ts";

/** What a container is started with: the same for a process on this machine and for an image. */
export interface ContainerStart {
  readonly command: "train" | "serve";
  readonly container: Container;
  /** The folder on this machine that the container sees as its /opt/ml. */
  readonly baseDir: string;
  /** Variables for the container, beside those that say where its tree and its port are. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where `serve` listens; port 0 is a free one. */
  readonly address?: { readonly host: string; readonly port: number };
  /** Called with each whole line on the container's stdout; without it the container writes to our own stdout. */
  readonly onLine?: (line: string) => void;
}

/** A container that has been started. */
export interface RunningContainer {
  /** Its exit code; 128 + the signal's number when a signal ended it. */
  readonly ended: Promise<number>;
  /** Asks it to stop, as SageMaker does: SIGTERM, once per call. */
  readonly stop: () => void;
  /** Ends it at once. */
  readonly kill: () => void;
}

/** A way to run a container: its code as a process, or its image. */
export interface ContainerRunner {
  readonly start: (start: ContainerStart) => RunningContainer;
}
