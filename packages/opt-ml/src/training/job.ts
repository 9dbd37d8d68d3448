import type { Channels } from "../channels/channels.ts";
import type { Checkpoints } from "../checkpoints.ts";
import type { Cluster } from "../cluster.ts";

/** Everything that a training function is given. */
export interface TrainingJob<Values> {
  /** `TRAINING_JOB_NAME`; `local` where nothing named the job. */
  readonly name: string;
  /** Read and checked against the container's declaration. */
  readonly hyperparameters: Values;
  readonly channels: Channels;
  readonly cluster: Cluster;
  readonly checkpoints: Checkpoints;
  /** An empty folder for the model; it becomes `/opt/ml/model` when the training function has returned. */
  readonly modelDir: string;
  /** `/opt/ml/output/data`: what else the job leaves behind. */
  readonly outputDir: string;
  /**
   * Writes a file into `outputDir`, whole or not at all.
   *
   * @throws InputError OUTPUT_WRITE when it cannot be written
   */
  writeOutput(name: string, content: string | Uint8Array): void;
  /**
   * Whether the job is asked to stop; true within a tenth of a second of SIGTERM, also while nothing else can run.
   *
   * Cheap enough for an inner loop. An algorithm that looks neither here nor at `signal` is ended 8 s after SIGTERM.
   */
  stopRequested(): boolean;
  /** Aborts when the job is asked to stop, for asynchronous code. */
  readonly signal: AbortSignal;
}

/** A container's own part of the training: returns when the model lies in `job.modelDir`. */
export type TrainingFunction<Values> = (job: TrainingJob<Values>) => void | Promise<void>;
