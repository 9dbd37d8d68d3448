import { gzipSync, zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { readLabelledTable } from "./labelled-table.ts";
import { sourceOf } from "./testing/source.ts";

/** The code and the message of the error with which these bytes are turned down, whole and byte by byte. */
const fail = async (content: string | Uint8Array): Promise<string> => {
  const messages = await Promise.all(
    [1, Infinity].map(async (chunkBytes) => {
      const source = sourceOf(content, { name: "iris.csv", chunkBytes });
      const error: unknown = await readLabelledTable([source]).catch((reason: unknown) => reason);
      const { code, message } = error as { code: string; message: string };
      return `${code} ${message}`;
    }),
  );
  expect(messages[0]).toBe(messages[1]);
  return messages[0] ?? "";
};

const notUtf8 = (text: string): string =>
  `found bytes that are no UTF-8 (Latin-1?) in "${text}"; save the file as UTF-8`;

test("compressed and binary files are told by their first bytes", async () => {
  const beginning = "CSV_ENCODING iris.csv: expected CSV in UTF-8, found";
  expect(await fail(gzipSync("a,1\n"))).toBe(`${beginning} gzip: decompress it first`);
  expect(await fail(zstdCompressSync("a,1\n"))).toBe(`${beginning} Zstandard: decompress it first`);
  expect(await fail("PK\u0003\u0004\u0014\0\0\0")).toBe(
    `${beginning} zip, as .xlsx files are: unpack it, or export the sheet as CSV`,
  );
  expect(await fail("PAR1\u0015\u0004\u0015")).toBe(`${beginning} Parquet: convert it to CSV`);
});

test("UTF-16 is told by its byte order mark, and without one by its NULs", async () => {
  expect(await fail(Buffer.from("\uFEFFa,1\n", "utf16le"))).toBe(
    "CSV_ENCODING iris.csv: expected CSV in UTF-8, found UTF-16: save it as UTF-8",
  );
  expect(await fail(Buffer.from("a,1\n", "utf16le"))).toBe(
    String.raw`CSV_ENCODING iris.csv, row 1, column 2: found a NUL (UTF-16?) in "\u00001\u0000"; save the file as UTF-8`,
  );
});

test("bytes that are no UTF-8 are told with their place, in labels, names and numbers", async () => {
  expect(await fail(Buffer.from("a,1\n\xE9t\xE9,2\n", "latin1"))).toBe(
    `CSV_ENCODING iris.csv, row 2, column 1: ${notUtf8("\uFFFDt\uFFFD")}`,
  );
  expect(await fail(Buffer.from("s,L\xE4nge\na,1\n", "latin1"))).toBe(
    `CSV_ENCODING iris.csv, row 1, column 2: ${notUtf8("L\uFFFDnge")}`,
  );
  expect(await fail(Buffer.from("a,1\nb,2\xA0\n", "latin1"))).toBe(
    `CSV_ENCODING iris.csv, row 2, column 2: ${notUtf8("2\uFFFD")}`,
  );
});

test("a label that begins like a magic number is a label", async () => {
  const { labels } = await readLabelledTable([sourceOf("PAR1,1\nPK,2\n")]);
  expect(labels).toEqual(["PAR1", "PK"]);
});
