export { createRecordReader } from "./record-reader.ts";
export type { RecordReader, RecordReaderOptions } from "./record-reader.ts";
