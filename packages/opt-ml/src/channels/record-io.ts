import { createRecordReader } from "@byoc/record-io";

/**
 * Takes the RecordIO framing off a stream; a reader that has had enough lets go of it, since its writer waits otherwise.
 *
 * @param name Of the stream, for messages.
 * @returns the payload of each record in order
 * @throws InputError RECORDIO when the framing is broken or the stream ends inside a record
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-training.html
 */
export const readRecordIo = async function* (
  chunks: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array> {
  const reader = createRecordReader({
    locate: (record) => ({ file: `${name}, record ${record}` }),
    hint: "is the channel's RecordWrapperType right?",
  });
  for await (const chunk of chunks) yield* reader.push(chunk);
  reader.finish();
};
