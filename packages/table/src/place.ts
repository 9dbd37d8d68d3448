/** Where a row stands: the name of its source, and its number from 1 as an editor counts lines. */
export interface RowPlace {
  readonly file: string;
  readonly row: number;
}

/** Where a cell stands: its row, and its column from 1, label column included. */
export interface CellPlace extends RowPlace {
  readonly column: number;
}
