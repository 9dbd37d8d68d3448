/** How SageMaker hands the objects of a channel over. */
export type InputMode = "File" | "FastFile" | "Pipe";

/** Bytes with a name for messages: a file, one epoch of a pipe, or one record of it. */
export interface ChannelSource {
  /** Such as `training/iris.csv`, `training_0` or `training_0, record 3`. */
  readonly name: string;
  /** The bytes in order, in pieces of any size; to be read once. */
  stream(): AsyncIterable<Uint8Array>;
}

/**
 * One named input of the job.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
 */
export interface Channel {
  readonly name: string;
  readonly inputMode: InputMode;
  /** The MIME type that the job's request gave for the channel, if any. */
  readonly contentType: string | undefined;
  /** Each host has other objects (`ShardedByS3Key`), and not all of them. */
  readonly isSharded: boolean;
  /** The folder of the channel; undefined in Pipe mode. */
  readonly dir: string | undefined;
  /**
   * Everything in the channel, once: a source for each file, or for the pipe of the next epoch.
   *
   * A pipe must be read to its end, or left for good, before the next source is asked for.
   *
   * @throws InputError CHANNEL_EMPTY, CHANNEL_UNREADABLE, PIPE_TIMEOUT, PIPE_NOT_A_FIFO or RECORDIO
   */
  sources(): AsyncIterable<ChannelSource>;
}
