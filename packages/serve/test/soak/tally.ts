/** What became of the requests of a soak. */
export class Tally {
  readonly counts: Map<string, number> = new Map();
  readonly violations: string[] = [];
  slowestPingMs = 0;
  /** When workers were killed, by `performance.now()`. */
  readonly killsMs: number[] = [];

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  violate(problem: string): void {
    this.violations.push(problem);
    this.count("VIOLATION");
  }

  /** Whether a worker was killed since then, or so shortly before that it had not been noticed. */
  hasKilledSince(startedMs: number): boolean {
    return this.killsMs.some((killedMs) => killedMs > startedMs - NOTICED_MS);
  }
}

/** The time from the kill of a process to the last of what its parent does about it. */
const NOTICED_MS = 250;
