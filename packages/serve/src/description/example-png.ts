import { crc32, deflateSync } from "node:zlib";
import type { ImageInput } from "../service.ts";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const BIT_DEPTH = 8;
const COLOUR_TYPE = { 1: 0, 3: 2 } as const;
const MID_GREY = 128;

/**
 * The smallest picture of the size that a model takes: grey all over.
 *
 * @see https://www.w3.org/TR/png-3/
 */
export const toExamplePng = ({ width, height, channels }: ImageInput): Buffer => {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.writeUInt8(BIT_DEPTH, 8);
  header.writeUInt8(COLOUR_TYPE[channels], 9);

  const rowBytes = 1 + width * channels;
  const pixels = Buffer.alloc(rowBytes * height, MID_GREY);
  for (let row = 0; row < height; row++) pixels[row * rowBytes] = 0;
  return Buffer.concat([
    SIGNATURE,
    toChunk("IHDR", header),
    toChunk("IDAT", deflateSync(pixels, { level: 9 })),
    toChunk("IEND", Buffer.alloc(0)),
  ]);
};

const toChunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
};
