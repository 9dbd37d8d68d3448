import { readMemoryLimitBytes } from "@byoc/limits";

const MEBIBYTE = 1024 ** 2;

/** The share of the container's memory that JavaScript objects may fill; typed arrays lie outside of it. */
const HEAP_SHARE = 0.75;

/**
 * The flag that lets V8's heap grow with the container; without it, V8 stops at about 4 GB on any machine.
 *
 * @returns no flag when the user has set one
 */
export const heapFlags = (
  given: readonly string[] = [...process.execArgv, process.env["NODE_OPTIONS"] ?? ""],
): readonly string[] => {
  const isGiven = given.some((text) => /--max[-_](?:old[-_]space|heap)[-_]size/u.test(text));
  if (isGiven) return [];
  return [`--max-old-space-size=${Math.floor((readMemoryLimitBytes() * HEAP_SHARE) / MEBIBYTE)}`];
};
