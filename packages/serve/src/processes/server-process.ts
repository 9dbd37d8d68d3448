/** A server that listens. */
export interface ServerProcess {
  /** Such as `http://127.0.0.1:43121`. */
  readonly address: string;
  /** Takes no more connections; resolves when what was running has been answered, or was cut after the time-out. */
  stop(timeoutMs: number): Promise<void>;
}
