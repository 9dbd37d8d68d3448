import { createGarbageCollector, type GarbageCollector } from "../processes/garbage-collector.ts";
import type { ModelFolder } from "./model-folder.ts";

/** Memory of the container, as it is read at any moment. */
export interface MemoryReaders {
  /** The most that the container may use, in bytes. */
  readonly memoryLimitBytes: number;
  /** What the container uses now, in bytes: all its processes, in V8's heap or outside of it. */
  readMemoryUsageBytes(): number;
}

/** What a model's files take on the disk, and may take in memory while they are loaded, in bytes. */
export type FileSizes = Pick<ModelFolder, "bytes" | "loadingBytes">;

/** How much room the models of a server have. */
export interface MemoryAccount {
  /** Room to load these files; undefined, also after collecting garbage, if there is none. */
  reserve(files: FileSizes): Promise<Reservation | undefined>;
  /** Lets go of models, and resolves when their memory is free; those of the same moment are collected together. */
  free(release: () => void): Promise<void>;
  /** The figures for a message. */
  describe(): string;
}

/** Room that is kept for a model while it is loaded. */
export interface Reservation {
  /** Call when the model has been loaded: whether the memory still holds it. The room is given back in any case. */
  settle(): Promise<boolean>;
  /** Gives the room back of a model that could not be loaded. */
  cancel(): void;
}

/** Above this share of the container's memory no model is loaded; the rest is for requests and garbage. */
export const MAX_USED_SHARE = 0.85;
/** Above this share nothing is loaded even if the process could use memory again that it has. */
const MAX_CHARGED_SHARE = 0.95;
/**
 * Counts what models take, and what they may.
 *
 * The usage of a container does not go down by what is freed: the C library keeps small arrays for later ones. So that
 * a server that has unloaded models is not taken for full, the bytes of arrays that were freed while the usage stayed
 * are not counted, until loads have used them again.
 */
export const createMemoryAccount = (
  { memoryLimitBytes, readMemoryUsageBytes }: MemoryReaders,
  garbage: GarbageCollector = createGarbageCollector(),
): MemoryAccount => {
  let reservedBytes = 0;
  let reusableBytes = 0;
  let releases: (() => void)[] = [];
  let freeing: Promise<void> | undefined;

  const hasRoom = (moreBytes: number): boolean => {
    const chargedBytes = readMemoryUsageBytes();
    return (
      chargedBytes - reusableBytes + moreBytes <= memoryLimitBytes * MAX_USED_SHARE &&
      chargedBytes <= memoryLimitBytes * MAX_CHARGED_SHARE
    );
  };
  /** Checked and kept without a turn between, so that two loads never get the same room. */
  const tryReserve = (bytes: number): boolean => {
    const isFitting = hasRoom(reservedBytes + bytes);
    if (isFitting) reservedBytes += bytes;
    return isFitting;
  };
  const read = (): { charged: number; arrays: number } => ({
    charged: readMemoryUsageBytes(),
    arrays: process.memoryUsage().arrayBuffers,
  });

  const freeAll = async (): Promise<void> => {
    garbage.collectYoung();
    const before = read();
    const now = releases;
    releases = [];
    freeing = undefined;
    for (const release of now) release();
    now.length = 0;
    await garbage.collect();
    const after = read();
    const fromArrays = Math.max(0, before.arrays - after.arrays);
    const givenBack = Math.max(0, before.charged - after.charged);
    reusableBytes += Math.max(0, fromArrays - givenBack);
  };

  return {
    async reserve({ bytes, loadingBytes }) {
      if (!tryReserve(loadingBytes)) {
        await garbage.collectAndShrink();
        if (!tryReserve(loadingBytes)) return undefined;
      }
      const before = read();
      const cancel = (): void => {
        reservedBytes -= loadingBytes;
      };
      return {
        cancel,
        async settle() {
          cancel();
          const after = read();
          const takenBytes = Math.max(bytes, after.arrays - before.arrays);
          const grownBytes = Math.max(0, after.charged - before.charged);
          reusableBytes = Math.max(0, reusableBytes - Math.max(0, takenBytes - grownBytes));
          if (hasRoom(0)) return true;
          await garbage.collectAndShrink();
          return hasRoom(0);
        },
      };
    },
    free(release) {
      releases.push(release);
      freeing ??= Promise.resolve().then(freeAll);
      return freeing;
    },
    describe: () =>
      `${toMegabytes(readMemoryUsageBytes())} of ${toMegabytes(memoryLimitBytes)} MB are in use, ` +
      `${toMegabytes(reusableBytes)} MB of them free within the process; ` +
      `models may take ${MAX_USED_SHARE * 100} %`,
  };
};

/** Rounded up to a tenth. */
export const toMegabytes = (bytes: number): string =>
  (Math.ceil((bytes / 1024 / 1024) * 10) / 10).toFixed(1);
