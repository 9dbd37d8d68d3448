import { InputError, listNames, quote } from "@byoc/errors";
import type { Unzip, UnzipFile, unzipSync } from "fflate";
import type { Decoder, DecoderFactory } from "../../format.ts";
import { InvocationError } from "../../invocation-error.ts";
import { collectBytes } from "../collect.ts";
import { createGiveWay } from "../give-way.ts";
import { createArrayDecoder } from "./decode-array.ts";

/** The most bytes of an archive's array after inflating: 256 MiB. */
export const MAX_INFLATED_BYTES: number = 256 * 1024 * 1024;

/** Archives are inflated this many bytes at a time; deflate makes at most 1,032 times as many of them. */
const PIECE_BYTES = 4096;

/** The most members of an archive: its directory may claim billions. */
const MAX_MEMBERS = 1024;

/** The names by which the array is found among several. */
const NAMES = ["x", "instances", "data"];

/**
 * Decodes the array of a file of `numpy.savez` or `numpy.savez_compressed`: the only one, or else the one called `x`,
 * `instances` or `data`.
 *
 * Checksums are not compared; the lengths are.
 *
 * @throws InputError NPZ_MALFORMED, NPZ_MEMBER, and what {@link createArrayDecoder} throws; InvocationError
 * NPZ_TOO_LARGE (413) when the array inflates beyond {@link MAX_INFLATED_BYTES}
 */
export const createArchiveDecoder: DecoderFactory = (input, limits): Decoder => {
  const body = collectBytes();
  return {
    push: body.push,
    async finish() {
      const archive = body.finish();
      const zip = await import("fflate");
      const member = chooseMember(listMembers(archive, zip.unzipSync));
      const array = createArrayDecoder(input, { ...limits, compressedBytes: archive.length });
      const unzip = new zip.Unzip();
      unzip.register(zip.UnzipInflate);
      await inflate(archive, unzip, member, array);
      return array.finish();
    },
  };
};

/** Names in the order of the archive's directory, and the sizes that it gives. */
type Members = ReadonlyMap<string, number>;

const listMembers = (archive: Uint8Array, list: typeof unzipSync): Members => {
  const members = new Map<string, number>();
  let entries = 0;
  try {
    list(archive, {
      filter({ name, originalSize }) {
        entries += 1;
        if (entries > MAX_MEMBERS) throw new Error(`more than ${MAX_MEMBERS} members`);
        members.set(name, originalSize);
        return false;
      },
    });
  } catch (cause) {
    throw malformed("expected a file of numpy.savez, a zip archive", cause);
  }
  return members;
};

const chooseMember = (members: Members): string => {
  const arrays = [...members.keys()].filter((name) => name.endsWith(".npy"));
  const named = NAMES.map((name) => `${name}.npy`).filter((name) => members.has(name));
  const [chosen] = arrays.length === 1 ? arrays : named;
  if (chosen === undefined || (arrays.length > 1 && named.length > 1)) {
    const found = listNames(
      arrays.map((name) => quote(name.slice(0, -4))),
      { conjunction: "and", most: 8 },
    );
    const problem = `expected one array, or one of several called ${listNames(NAMES)}, found ${found}`;
    throw new InputError("NPZ_MEMBER", problem);
  }
  if ((members.get(chosen) ?? 0) > MAX_INFLATED_BYTES) throw tooLarge();
  return chosen;
};

/** Inflates one member into a decoder, a few milliseconds at a time. */
const inflate = async (
  archive: Uint8Array,
  unzip: Unzip,
  member: string,
  array: Decoder,
): Promise<void> => {
  let inflated = 0;
  let isDone = false;
  const isMissing = (): boolean => !isDone;
  let wrong: unknown;
  unzip.onfile = (file: UnzipFile) => {
    if (file.name !== member || inflated > 0 || isDone) return;
    file.ondata = (problem, bytes, isLast) => {
      if (problem !== null) throw problem;
      inflated += bytes.byteLength;
      isDone ||= isLast;
      try {
        if (inflated > MAX_INFLATED_BYTES) throw tooLarge();
        array.push(bytes);
      } catch (error) {
        wrong = error;
        throw error;
      }
    };
    file.start();
  };
  const giveWay = createGiveWay();
  try {
    for (let at = 0; at < archive.length && isMissing(); at += PIECE_BYTES) {
      unzip.push(archive.subarray(at, at + PIECE_BYTES), at + PIECE_BYTES >= archive.length);
      await giveWay();
    }
  } catch (cause) {
    throw wrong ?? malformed(`cannot inflate ${quote(member)}`, cause);
  }
  if (!isDone) throw malformed(`the archive ends inside ${quote(member)}`);
};

const malformed = (problem: string, cause?: unknown): InputError => {
  const reason = cause instanceof Error ? ` (${cause.message})` : "";
  return new InputError("NPZ_MALFORMED", `${problem}${reason}; was the file cut off?`, { cause });
};

const tooLarge = (): InvocationError =>
  new InvocationError(
    413,
    "NPZ_TOO_LARGE",
    `the array inflates to more than the ${MAX_INFLATED_BYTES} bytes that this container takes; send fewer rows at a time`,
  );
