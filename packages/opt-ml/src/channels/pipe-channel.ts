import path from "node:path";
import type { ChannelSource } from "./channel.ts";
import { readPipe, readPipeTimeoutMs } from "./pipe.ts";
import { readRecordIo } from "./record-io.ts";

/** A channel whose epochs are pipes: `training_0`, `training_1`, … */
export interface PipeChannelOptions {
  readonly inputDataDir: string;
  readonly channel: string;
  /** Each S3 object comes as one RecordIO record; without, they come joined. */
  readonly isRecordIo: boolean;
}

/**
 * Makes a reader whose every call reads the pipe of the next epoch: one source, or one for each RecordIO record.
 *
 * SageMaker makes the pipe of an epoch when the one before has been read; how many epochs are read is the algorithm's choice.
 */
export const createPipeReader = ({
  inputDataDir,
  channel,
  isRecordIo,
}: PipeChannelOptions): (() => AsyncIterable<ChannelSource>) => {
  let nextEpoch = 0;
  return async function* () {
    const name = `${channel}_${nextEpoch++}`;
    const file = path.join(inputDataDir, name);
    const chunks = readPipe({ file, channel, timeoutMs: readPipeTimeoutMs() });
    if (!isRecordIo) {
      yield { name, stream: () => chunks };
      return;
    }
    let record = 0;
    for await (const payload of readRecordIo(chunks, name)) {
      record += 1;
      yield { name: `${name}, record ${record}`, stream: () => yieldOnce(payload) };
    }
  };
};

const yieldOnce = async function* (payload: Uint8Array): AsyncGenerator<Uint8Array> {
  yield payload;
};
