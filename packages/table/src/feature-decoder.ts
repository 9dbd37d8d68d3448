import { setImmediate } from "node:timers/promises";
import { BlockCutter, endsOf } from "./block-cutter.ts";
import { checkColumnCount, type ExpectedColumns } from "./expected-columns.ts";
import { readFeatureTable } from "./feature-table.ts";
import { createHeaderReader } from "./header.ts";
import { splitHeaderLine } from "./header-line.ts";
import { RowScan } from "./row-scan.ts";
import type { FeatureTable } from "./tables.ts";

/** Takes CSV as it arrives, and gives the matrix at the end. */
export interface FeatureDecoder {
  /** Rows so far, as long as all of them are plain numbers; a bound for what is read too far. */
  readonly rows: number;
  /** Takes the next bytes, which must not be written to afterwards. */
  push(chunk: Uint8Array): void;
  /**
   * Called once, after the last byte: the table, at once where all cells are plain numbers, otherwise later.
   *
   * @throws {InputError} The promise rejects with the codes of {@link readFeatureTable}.
   */
  finish(): FeatureTable | Promise<FeatureTable>;
}

const CELL_ENDS = endsOf(",\n\r");
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** A number is never as long. */
const MAX_CELL_BYTES = 64 * 1024;
/** A first line that is longer is no header that is read here. */
const MAX_HEADER_BYTES = 1024 * 1024;
const PART_BYTES = 64 * 1024;

/**
 * Reads CSV whose columns are all features, many times faster than {@link readFeatureTable} and with its rules.
 *
 * Plain numbers are read from the bytes as they arrive. At the first byte that is anything else (a quote, a cell that is
 * no number, a row of another length, a second header), all bytes go to `readFeatureTable`, which alone knows the rest of
 * the rules and says what is wrong.
 *
 * @param expected What the model was trained on.
 * @param name What the bytes are called in messages.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-inference.html
 *
 * @example
 * const decoder = createFeatureDecoder({ columns: 4 });
 * for await (const chunk of request) decoder.push(chunk);
 * const { features } = await decoder.finish();
 */
export const createFeatureDecoder = (
  expected: ExpectedColumns = {},
  name = "request body",
): FeatureDecoder => new ChunkDecoder(expected, name);

class ChunkDecoder implements FeatureDecoder {
  readonly #expected: ExpectedColumns;
  readonly #name: string;
  readonly #chunks: Uint8Array[] = [];
  readonly #scan: RowScan;
  #cells: BlockCutter;
  #featureNames: readonly string[] | undefined;
  /** Whether all bytes so far were plain numbers, or the first line is not there yet. */
  #isPlain = true;
  /** Bytes of the first line, until it has ended. */
  #headBytes = 0;
  #hasBegun = false;

  constructor(expected: ExpectedColumns, name: string) {
    const { featureNames, columns = featureNames?.length ?? 0, acceptsMissing = false } = expected;
    this.#expected = expected;
    this.#name = name;
    this.#scan = new RowScan(columns, acceptsMissing);
    this.#cells = this.#createCutter();
  }

  get rows(): number {
    return this.#scan.rows;
  }

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    if (this.#isPlain)
      this.#isPlain = this.#hasBegun ? this.#cells.take(chunk) : this.#begin(chunk);
  }

  finish(): FeatureTable | Promise<FeatureTable> {
    if (this.#isPlain && this.#end()) {
      const { rows, columns, values } = this.#scan;
      const features = { values: values.take(), rows, columns };
      return { features, featureNames: this.#featureNames };
    }
    this.#scan.values.release();
    return readFeatureTable(
      { name: this.#name, stream: () => paced(this.#chunks) },
      this.#expected,
    );
  }

  #begin(chunk: Uint8Array): boolean {
    this.#headBytes += chunk.length;
    const hasLine = chunk.includes(LINE_FEED) || chunk.includes(CARRIAGE_RETURN);
    return hasLine || this.#headBytes > MAX_HEADER_BYTES ? this.#takeHead(this.#chunks) : true;
  }

  #end(): boolean {
    const isPlain = this.#hasBegun
      ? this.#cells.finish(LINE_FEED)
      : this.#takeHead([...this.#chunks, Uint8Array.of(LINE_FEED)]);
    return isPlain && this.#scan.rows > 0;
  }

  /** Begins to read, now that the first line is there: a row of numbers, or a header. */
  #takeHead(chunks: readonly Uint8Array[]): boolean {
    this.#hasBegun = true;
    const [first] = chunks;
    const head = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
    let start = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
    while (head[start] === LINE_FEED || head[start] === CARRIAGE_RETURN) start++;
    const bytes = start === 0 ? head : head.subarray(start);
    if (this.#cells.take(bytes)) return true;
    return this.#scan.rows === 0 && this.#takeHeader(bytes);
  }

  #takeHeader(bytes: Uint8Array): boolean {
    const end = bytes.findIndex((byte) => byte === LINE_FEED || byte === CARRIAGE_RETURN);
    const cells = splitHeaderLine(bytes.subarray(0, Math.max(end, 0)));
    if (cells === undefined) return false;

    const { featureNames, acceptsMissing } = this.#expected;
    const header = createHeaderReader({ firstColumn: 1, expected: featureNames, acceptsMissing });
    const place = { file: this.#name, row: 1 };
    try {
      checkColumnCount(cells, this.#expected, place);
      if (!header.take(cells, place, true)) return false;
    } catch {
      // The slow way finds the same, on the right row.
      return false;
    }
    this.#featureNames = header.featureNames;
    this.#scan.columns = cells.length;
    this.#cells = this.#createCutter();
    return this.#cells.take(bytes.subarray(end + 1));
  }

  #createCutter(): BlockCutter {
    const scan = this.#scan;
    return new BlockCutter(
      CELL_ENDS,
      (bytes, start, end) => scan.take(bytes, start, end),
      MAX_CELL_BYTES,
    );
  }
}

/** The same bytes in small parts, with time between them for everything else that the process has to do. */
const paced = async function* (chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    for (let start = 0; start < chunk.length; start += PART_BYTES) {
      yield chunk.subarray(start, start + PART_BYTES);
      await setImmediate();
    }
  }
};
