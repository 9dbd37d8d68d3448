/** What a process of the server does: own connections and predict, or predict alone. */
export type Role = "socket" | "compute";

/** Tells a process that was started by the server what it is for. */
export const ROLE_VARIABLE = "BYOC_SERVE_ROLE";

/** The role of this process; undefined in the one that was started by the container's command. */
export const readRole = (): Role | undefined => {
  const role = process.env[ROLE_VARIABLE];
  return role === "socket" || role === "compute" ? role : undefined;
};

/**
 * Flags for V8 in a worker: short-lived buffers are collected early, so that a worker stays small after large bodies.
 *
 * @returns none for those that the user has set
 */
export const workerFlags = (): readonly string[] => {
  const given = [...process.execArgv, process.env["NODE_OPTIONS"] ?? ""].join(" ");
  return given.includes("semi-space") ? [] : ["--max-semi-space-size=4"];
};

/**
 * Settings of the GNU C library's allocator for a worker: large arrays go back to the system when they are freed, and
 * few threads share few arenas. Other C libraries do not read them.
 *
 * @returns none for those that the user has set
 * @see https://www.gnu.org/software/libc/manual/html_node/Memory-Allocation-Tunables.html
 */
export const workerEnvironment = (): Readonly<Record<string, string>> => {
  const wished = { MALLOC_ARENA_MAX: "2", MALLOC_MMAP_THRESHOLD_: String(512 * 1024) };
  return Object.fromEntries(Object.entries(wished).filter(([name]) => !(name in process.env)));
};
