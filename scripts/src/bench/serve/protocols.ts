/** Rows as the texts of their numbers, four decimals each: every format writes the same digits. */
export type TextRows = readonly (readonly string[])[];

/** How rows go to a contender, and how its labels come back. */
export interface Protocol {
  /** `/invocations` */
  readonly path: string;
  readonly contentType: string;
  encode(rows: TextRows): string;
  /** The labels of an answer, a row each; undefined when it has none to compare. */
  decode(body: string): string[] | undefined;
}

/** The container's own format: `5.1000,3.5000,1.4000,0.2000` a line in, a label a line out. */
export const csv: Protocol = {
  path: "/invocations",
  contentType: "text/csv",
  encode: (rows) => rows.map((row) => `${row.join(",")}\n`).join(""),
  decode: (body) => body.trimEnd().split(/\r?\n/),
};

/** CSV to a server that answers a constant. */
export const csvIgnored: Protocol = { ...csv, decode: () => undefined };

/**
 * The open inference protocol of MLServer: a flat tensor in, a tensor of texts out.
 *
 * @see https://github.com/open-inference/open-inference-protocol
 */
export const openInference: Protocol = {
  path: "/v2/models/tree/infer",
  contentType: "application/json",
  encode: (rows) => {
    const shape = `[${rows.length},${rows[0]?.length ?? 0}]`;
    return `{"inputs":[{"name":"rows","shape":${shape},"datatype":"FP32","data":[${rows.flat().join(",")}]}]}`;
  },
  decode: (body) => (JSON.parse(body) as { outputs: [{ data: string[] }] }).outputs[0].data,
};

/** What BentoML makes of a function's parameter: `{"rows": [[…]]}` in, a list of labels out. */
export const namedRows: Protocol = {
  path: "/invocations",
  contentType: "application/json",
  encode: (rows) => `{"rows":[${rows.map((row) => `[${row.join(",")}]`).join(",")}]}`,
  decode: (body) => JSON.parse(body) as string[],
};
