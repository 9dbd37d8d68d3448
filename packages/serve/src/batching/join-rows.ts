import type { Matrix } from "@byoc/table";
import type { Images, RawBody, Rows } from "../service.ts";

/** Rows that can stand in one call with others of the same shape. */
export type JoinableRows = Exclude<Rows, RawBody>;

/** Whether the rows are numbers of a known shape; a body as it came has none, and is never joined. */
export const isJoinable = (rows: Rows): rows is JoinableRows => !("bytes" in rows);

/** How much memory the decoded rows take, in bytes. */
export const countBytes = (rows: JoinableRows): number =>
  isImages(rows) ? rows.pixels.byteLength : rows.values.byteLength;

/** Whether both could be rows of one call: matrices of as many columns, or images of the same size. */
export const haveSameShape = (one: JoinableRows, other: JoinableRows): boolean => {
  if (isImages(one)) {
    return (
      isImages(other) &&
      one.height === other.height &&
      one.width === other.width &&
      one.channels === other.channels
    );
  }
  return !isImages(other) && one.columns === other.columns;
};

/**
 * The rows of several requests one after the other, in new memory.
 *
 * @param parts At least one; all of the same shape.
 */
export const joinRows = <Taken extends JoinableRows>(parts: readonly Taken[]): Taken => {
  const first = parts[0] as JoinableRows;
  const joined = isImages(first)
    ? joinImages(first, parts as readonly Images[])
    : joinMatrices(first, parts as readonly Matrix[]);
  return joined as Taken;
};

const joinImages = (first: Images, parts: readonly Images[]): Images => {
  const pixels = new Uint8Array(sum(parts, (part) => part.pixels.length));
  let at = 0;
  for (const part of parts) {
    pixels.set(part.pixels, at);
    at += part.pixels.length;
  }
  return { ...first, pixels, rows: sum(parts, (part) => part.rows) };
};

const joinMatrices = (first: Matrix, parts: readonly Matrix[]): Matrix => {
  const values = new Float64Array(sum(parts, (part) => part.values.length));
  let at = 0;
  for (const part of parts) {
    values.set(part.values, at);
    at += part.values.length;
  }
  return { ...first, values, rows: sum(parts, (part) => part.rows) };
};

const isImages = (rows: Rows): rows is Images => "pixels" in rows;

const sum = <Part>(parts: readonly Part[], count: (part: Part) => number): number =>
  parts.reduce((total, part) => total + count(part), 0);
