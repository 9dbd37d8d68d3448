/**
 * Bytes with a name for messages: a file, a pipe or a request body.
 *
 * A chunk must not be written to again after it was handed out. `stream` is called once.
 */
export interface Source {
  /** As the user knows it: `training/iris.csv`, `request body`. */
  readonly name: string;
  stream(): AsyncIterable<Uint8Array>;
}
