import { type BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { listNames, quote } from "@byoc/errors";

/** The map key of features and labels unless a record names others. */
const DEFAULT_KEY = "values";

/** Field numbers of the messages of `aialgs.data`. */
const RECORD_FEATURES = 1;
const ENTRY_KEY = 1;
const ENTRY_VALUE = 2;
const TENSOR_VALUES = 1;
const TENSOR_KEYS = 2;
const TENSOR_SHAPE = 3;

/** The most elements of a list that are kept for a message about them; a row of more columns may have as many. */
const MAX_ELEMENTS = 65_536;

/** Reads one element of a tensor. */
interface ElementType {
  readonly name: string;
  readonly wireType: WireType;
  read(reader: BinaryReader): number;
}

/** The tensors of a `Value` by field number; every other value is no number. */
const TENSORS: ReadonlyMap<number, ElementType> = new Map([
  [2, { name: "float32", wireType: WireType.Bit32, read: (reader) => reader.float() }],
  [3, { name: "float64", wireType: WireType.Bit64, read: (reader) => reader.double() }],
  [7, { name: "int32", wireType: WireType.Varint, read: (reader) => reader.int32() }],
]);

const KEYS: ElementType = {
  name: "uint64",
  wireType: WireType.Varint,
  read: (reader) => Number(reader.uint64()),
};

/** A tensor of features as it lies in a record. */
export interface Tensor {
  readonly values: readonly number[];
  /** The columns of the values when the row is sparse; else none. */
  readonly keys: readonly number[];
  /** The lengths of the tensor; none unless the writer gives them. */
  readonly shape: readonly number[];
}

/**
 * The features of one `aialgs.data.Record`: those under the key `values`, or under the only key. Labels and metadata
 * are skipped.
 *
 * @param columns The columns of a row, which bound the lists that are read.
 * @throws Error that says what is wrong; what `BinaryReader` throws for bytes that are no message
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-training.html
 */
export const readFeatureTensor = (reader: BinaryReader, columns: number): Tensor => {
  const most = Math.max(columns, MAX_ELEMENTS);
  const features = new Map<string, Range>();
  readFields(reader, reader.len, (field, wireType) => {
    if (field !== RECORD_FEATURES || wireType !== WireType.LengthDelimited) return false;
    let key = "";
    let value: Range = { from: 0, to: 0 };
    readFields(reader, endOfMessage(reader), (entryField, entryType) => {
      if (entryType !== WireType.LengthDelimited) return false;
      if (entryField === ENTRY_KEY) key = reader.string();
      else if (entryField === ENTRY_VALUE) value = skipMessage(reader);
      else return false;
      return true;
    });
    features.set(key, value);
    return true;
  });
  const names = [...features.keys()];
  const key = names.length === 1 ? names[0] : DEFAULT_KEY;
  const range = features.get(key ?? DEFAULT_KEY);
  if (range === undefined) {
    const found = listNames(names.map(quote), { conjunction: "and", most: 5 });
    throw new Error(`expected features under the key "${DEFAULT_KEY}", found the keys ${found}`);
  }
  reader.pos = range.from;
  return readValue(reader, range.to, most);
};

/** Where a message lies in the bytes of its record. */
interface Range {
  readonly from: number;
  readonly to: number;
}

const readValue = (reader: BinaryReader, end: number, most: number): Tensor => {
  let tensor: Tensor | undefined;
  readFields(reader, end, (field, wireType) => {
    if (wireType !== WireType.LengthDelimited) return false;
    const type = TENSORS.get(field);
    if (type === undefined) return false;
    tensor = readTensor(reader, endOfMessage(reader), type, most);
    return true;
  });
  if (tensor !== undefined) return tensor;
  throw new Error("expected a float32, float64 or int32 tensor of features, found none");
};

const readTensor = (reader: BinaryReader, end: number, type: ElementType, most: number): Tensor => {
  const tensor = { values: [] as number[], keys: [] as number[], shape: [] as number[] };
  readFields(reader, end, (field, wireType) => {
    const [list, element] =
      field === TENSOR_VALUES
        ? [tensor.values, type]
        : [field === TENSOR_KEYS ? tensor.keys : tensor.shape, KEYS];
    return field <= TENSOR_SHAPE && readElements(reader, wireType, element, { list, most });
  });
  return tensor;
};

/** Elements packed into one field, or one element of its own; false when the field holds something else. */
const readElements = (
  reader: BinaryReader,
  wireType: WireType,
  type: ElementType,
  { list, most }: { readonly list: number[]; readonly most: number },
): boolean => {
  const push = (): void => {
    if (list.length === most) throw new RangeError(`a list of more than ${most} elements`);
    list.push(type.read(reader));
  };
  if (wireType === type.wireType) {
    push();
    return true;
  }
  if (wireType !== WireType.LengthDelimited) return false;
  const end = endOfMessage(reader);
  while (reader.pos < end) push();
  if (reader.pos > end) throw new RangeError(`a ${type.name} runs past the end of its list`);
  return true;
};

/** Calls `take` for each field up to `end`; a field that it does not take is skipped. */
const readFields = (
  reader: BinaryReader,
  end: number,
  take: (field: number, wireType: WireType) => boolean,
): void => {
  while (reader.pos < end) {
    const [field, wireType] = reader.tag();
    if (!take(field, wireType)) reader.skip(wireType, field);
  }
  if (reader.pos > end) throw new RangeError("a field runs past the end of its message");
};

const endOfMessage = (reader: BinaryReader): number => {
  const length = reader.uint32();
  const end = reader.pos + length;
  if (end > reader.len) throw new RangeError("a message runs past the end of its record");
  return end;
};

const skipMessage = (reader: BinaryReader): Range => {
  const to = endOfMessage(reader);
  const from = reader.pos;
  reader.pos = to;
  return { from, to };
};
