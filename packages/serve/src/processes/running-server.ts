import type { WorkerGroup } from "./worker-group.ts";

/** A server that listens. */
export interface RunningServer {
  /** Such as `http://127.0.0.1:43121`. */
  readonly address: string;
  /** Takes no more connections; resolves when what was running has been answered, or was cut after the time-out. */
  stop(timeoutMs: number): Promise<void>;
}

/** Binds the port of a server whose workers have been started before, since they take longer. */
export const listenOrStop = async (
  listen: () => Promise<string>,
  group: WorkerGroup,
): Promise<string> => {
  try {
    return await listen();
  } catch (error) {
    await group.stop(0);
    throw error;
  }
};
