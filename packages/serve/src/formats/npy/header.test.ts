import fc from "fast-check";
import { expect, test } from "vitest";
import { createHeaderReader, MAX_HEADER_BYTES, parseHeaderText } from "./header.ts";

const write = (text: string, version = 1): Buffer => {
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  length.writeUIntLE(text.length, 0, length.length);
  const magic = Buffer.from(`\x93NUMPY${String.fromCharCode(version)}\0`, "latin1");
  return Buffer.concat([magic, length, Buffer.from(text)]);
};

test("a header is read with its entries in any order, either quotes, blanks, and the L of Python 2", () => {
  const header = { descr: "<f8", fortranOrder: true, shape: [3, 4] };
  expect(parseHeaderText("{'descr': '<f8', 'fortran_order': True, 'shape': (3, 4), }  \n")).toEqual(
    header,
  );
  expect(parseHeaderText(`{"shape":(3L,4L,),"descr":"<f8","fortran_order":True}`)).toEqual(header);
});

test("any shape, order and type come back from the text that NumPy writes, however it is cut", () => {
  const shapes = fc.array(fc.nat(), { maxLength: 5 });
  const descrs = fc.stringMatching(/^[<>|=][a-zA-Z]\d{1,3}$/);
  const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(shapes, descrs, fc.boolean(), fc.constantFrom(1, 2, 3), cuts, (...drawn) => {
      const [shape, descr, fortranOrder, version, chunkBytes] = drawn;
      const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
      const order = fortranOrder ? "True" : "False";
      const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${tuple}, }   \n`;
      const body = Buffer.concat([write(text, version), Buffer.from("data")]);
      const reader = createHeaderReader();
      let rest = "";
      for (let at = 0, turn = 0; at < body.length; turn++) {
        const chunk = body.subarray(at, at + chunkBytes[turn % chunkBytes.length]!);
        at += chunk.length;
        if (reader.header !== undefined) rest += chunk.toString();
        else rest += Buffer.from(reader.push(chunk) ?? []).toString();
      }
      expect(reader.header).toEqual({ descr, fortranOrder, shape });
      expect(rest).toBe("data");
    }),
  );
});

test("any other text is an error of the user, at once", () => {
  const pieces = fc.constantFrom(
    "{",
    "}",
    "'descr': ",
    "'<f8'",
    ", ",
    "'shape': ",
    "(",
    ")",
    "3",
    "[",
    "'",
  );
  const texts = fc.oneof(
    fc.string(),
    fc.array(pieces).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(texts, (text) => {
      expect(() => parseHeaderText(text)).toThrow(expect.objectContaining({ name: "InputError" }));
    }),
  );
  const long = `{${"'descr': [".repeat(6000)}`;
  expect(() => parseHeaderText(long)).toThrow("expected a dictionary");
});

test("a header that claims to be long is refused before it comes", () => {
  const reader = createHeaderReader();
  const claim = Buffer.from("\x93NUMPY\x02\x00\x00\x00\x01\x00", "latin1");
  expect(() => reader.push(claim)).toThrow(`more than ${MAX_HEADER_BYTES}`);
});

test("versions that do not exist yet are refused", () => {
  expect(() => createHeaderReader().push(write("{}", 4))).toThrow("version 4");
});
