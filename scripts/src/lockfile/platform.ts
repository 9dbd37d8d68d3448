/** The systems that a package is for, as a lockfile says it. */
export interface Platform {
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}

const SYSTEMS: Readonly<Record<string, string>> = {
  aix: "aix",
  android: "android",
  darwin: "darwin",
  freebsd: "freebsd",
  linux: "linux",
  netbsd: "netbsd",
  openbsd: "openbsd",
  openharmony: "openharmony",
  sunos: "sunos",
  win: "win32",
  win32: "win32",
  windows: "win32",
};

const PROCESSORS: Readonly<Record<string, string>> = {
  "64": "x64",
  arm: "arm",
  arm64: "arm64",
  ia32: "ia32",
  loong64: "loong64",
  mips64el: "mips64el",
  ppc64: "ppc64",
  riscv64: "riscv64",
  s390x: "s390x",
  wasm32: "wasm32",
  x64: "x64",
};

const LIBRARIES: Readonly<Record<string, string>> = {
  gnu: "glibc",
  gnueabihf: "glibc",
  musl: "musl",
  musleabihf: "musl",
};

/**
 * The platform that a package's name ends in, as in `@oxlint/binding-linux-x64-musl` or `@turbo/windows-arm64`.
 *
 * @returns `undefined` when the name tells no processor, or no system (`wasm32` has none).
 */
export const readPlatform = (name: string): Platform | undefined => {
  const words = name.split("/").at(-1)?.split("-") ?? [];
  const find = (table: Readonly<Record<string, string>>): string | undefined =>
    words.map((word) => table[word]).findLast((value) => value !== undefined);
  const [os, cpu, libc] = [find(SYSTEMS), find(PROCESSORS), find(LIBRARIES)];
  if (cpu === undefined || (os === undefined && cpu !== "wasm32")) return undefined;
  return {
    cpu: [cpu],
    ...(os === undefined ? {} : { os: [os] }),
    ...(os === "linux" && libc !== undefined ? { libc: [libc] } : {}),
  };
};
