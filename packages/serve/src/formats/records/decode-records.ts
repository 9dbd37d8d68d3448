import { BinaryReader } from "@bufbuild/protobuf/wire";
import { InputError } from "@byoc/errors";
import { createRecordReader } from "@byoc/record-io";
import { checkExpansion, requireFeatures, tooManyRows } from "../../decoders/problems.ts";
import type { Decoder, DecoderFactory } from "../../format.ts";
import { emptyBody } from "../../invocation/request-errors.ts";
import type { FeatureInput } from "../../service.ts";
import { createCollector } from "../collect.ts";
import { readFeatureTensor, type Tensor } from "./record.ts";

/**
 * Decodes records of `aialgs.data.Record` in RecordIO frames as they arrive, one row each: float32, float64 or int32,
 * dense or sparse. Labels are ignored.
 *
 * @throws InputError RECORDIO, PROTOBUF_MALFORMED, PROTOBUF_COLUMN_COUNT, PROTOBUF_NOT_A_NUMBER, with row
 * and, where there is one, column; InvocationError BODY_EMPTY, TOO_MANY_ROWS, TOO_MANY_VALUES
 */
export const createRecordsDecoder: DecoderFactory = (declaration, limits): Decoder => {
  const input = requireFeatures(declaration);
  const { columns } = input;
  const values = createCollector<Float64Array<ArrayBuffer>>(Float64Array);
  let rows = 0;
  let bytes = 0;
  const records = createRecordReader({
    hint: "is the body RecordIO, and are records padded to 4 bytes?",
  });
  return {
    push(chunk) {
      bytes += chunk.byteLength;
      for (const record of records.push(chunk)) {
        rows += 1;
        if (rows > limits.maxRows) throw tooManyRows(limits.maxRows);
        checkExpansion(rows * columns, bytes);
        writeRow(readRecord(record, columns, rows), values.room(columns), input, rows);
      }
    },
    finish() {
      records.finish();
      if (rows === 0) throw emptyBody();
      return { values: values.finish(), rows, columns };
    },
  };
};

const readRecord = (payload: Uint8Array, columns: number, row: number): Tensor => {
  try {
    return readFeatureTensor(new BinaryReader(payload), columns);
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new InputError("PROTOBUF_MALFORMED", `not a record of aialgs.data: ${problem}`, {
      row,
      cause,
    });
  }
};

/** Writes a tensor into its row, which holds zeros. */
const writeRow = (
  { values, keys, shape }: Tensor,
  into: Float64Array,
  { columns, acceptsMissing = false }: FeatureInput,
  row: number,
): void => {
  const isSparse = keys.length > 0 || (values.length === 0 && shape.length > 0);
  const width = isSparse ? (shape.at(-1) ?? columns) : values.length;
  if (width !== columns) {
    const problem = `expected ${columns} feature columns, found ${width}`;
    throw new InputError("PROTOBUF_COLUMN_COUNT", problem, { row });
  }
  if (isSparse && keys.length !== values.length) {
    const problem = `expected one key for each value, found ${keys.length} keys for ${values.length} values`;
    throw new InputError("PROTOBUF_MALFORMED", problem, { row });
  }
  const seen = isSparse ? new Set<number>() : undefined;
  for (const [index, value] of values.entries()) {
    const column = keys[index] ?? index;
    if (seen !== undefined) checkKey(column, seen, columns, row);
    if (!Number.isFinite(value) && !(acceptsMissing && Number.isNaN(value))) {
      const problem = `expected a finite number, found ${value}`;
      throw new InputError("PROTOBUF_NOT_A_NUMBER", problem, { row, column: column + 1 });
    }
    into[column] = value;
  }
};

const checkKey = (key: number, seen: Set<number>, columns: number, row: number): void => {
  if (key >= columns) {
    const problem = `the key ${key} is none of 0 to ${columns - 1}; keys count from 0`;
    throw new InputError("PROTOBUF_COLUMN_COUNT", problem, { row });
  }
  if (seen.has(key))
    throw new InputError("PROTOBUF_MALFORMED", `the key ${key} comes twice`, { row });
  seen.add(key);
};
