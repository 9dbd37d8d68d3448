import type { SupervisorLink } from "./supervisor-link.ts";

/** How an algorithm learns that the job is to end: SIGTERM from a stopped job, a time limit or a spot interruption. */
export interface Stop {
  /**
   * Whether the job is asked to stop; turns within a tenth of a second, also while nothing else can run.
   *
   * Costs less than a tenth of a microsecond, and some 10 microseconds ten times a second: cheap enough for an inner loop.
   */
  stopRequested(): boolean;
  /** Aborts when the job is asked to stop, for asynchronous code. */
  readonly signal: AbortSignal;
}

/** The reason of the job's AbortSignal. */
export class StopRequest extends Error {
  override readonly name: string = "AbortError";

  constructor() {
    super("the job was asked to stop");
  }
}

const POLL_INTERVAL_MS = 100;

/**
 * Connects an algorithm's two ways of asking with what the supervisor sends.
 *
 * @param onSeen Called once, when the algorithm first learns that it is asked to stop.
 */
export const createStop = (link: SupervisorLink | undefined, onSeen: () => void): Stop => {
  const controller = new AbortController();
  let isRequested = false;
  let isSignalUsed = false;
  let isSeen = false;
  let nextPollMs = 0;

  const see = (): void => {
    if (isSeen) return;
    isSeen = true;
    onSeen();
  };
  const request = (): void => {
    if (isRequested) return;
    isRequested = true;
    if (isSignalUsed) see();
    controller.abort(new StopRequest());
  };
  if (link === undefined) {
    process.once("SIGTERM", request).once("SIGINT", request);
  } else {
    // The supervisor gets these too, and says when to stop.
    process.on("SIGTERM", ignore).on("SIGINT", ignore);
    link.onStop(request);
  }

  return {
    stopRequested() {
      if (!isRequested && link !== undefined) {
        const now = performance.now();
        if (now >= nextPollMs) {
          nextPollMs = now + POLL_INTERVAL_MS;
          if (link.pollStop()) request();
        }
      }
      if (isRequested) see();
      return isRequested;
    },
    get signal() {
      isSignalUsed = true;
      if (isRequested) see();
      return controller.signal;
    },
  };
};

const ignore = (): void => {};
