/** What this folder reads of an entry in a lockfile's `packages`. */
export interface LockEntry {
  readonly version?: string;
  readonly link?: boolean;
  readonly bin?: Readonly<Record<string, string>>;
  readonly cpu?: string | readonly string[];
  readonly os?: string | readonly string[];
  readonly libc?: string | readonly string[];
  readonly engines?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
  readonly peer?: boolean;
}

/** A lockfile of version 3: paths such as `node_modules/turbo`, `scripts` or the empty one, and what lies there. */
export interface Lockfile {
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, LockEntry>>;
}
