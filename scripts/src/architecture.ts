/** The house: which workspace may import which, and which package only some files may know. */

/** Ground packages stand on errors alone, and every other room may stand on them. */
export const GROUND: readonly string[] = [
  "errors",
  "metrics",
  "table",
  "evaluation",
  "limits",
  "record-io",
];

/** What each package may import of the others; containers may import every package, scripts as well. */
export const PACKAGE_LAW: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  metrics: ["errors"],
  table: ["errors"],
  evaluation: ["errors"],
  limits: ["errors"],
  "record-io": ["errors"],
  conformance: [],
  "opt-ml": GROUND,
  serve: GROUND,
  cart: GROUND,
  tensorflow: GROUND,
};

/** A library that stays in one place. */
export interface LibraryLaw {
  readonly library: RegExp;
  /** The files that may import it, as globs from the root; none is wider than one before it. */
  readonly files: readonly string[];
  /** Said where another file imports it. */
  readonly reason: string;
}

/** Libraries that stay in one place. */
export const LIBRARY_LAW: readonly LibraryLaw[] = [
  {
    library: /^@?hono(\/|$)/,
    files: ["packages/serve/**"],
    reason: "Only packages/serve knows the HTTP library, so that it can be exchanged there.",
  },
  {
    library: /^@tensorflow\//,
    files: ["packages/tensorflow/**", "containers/*/src/model{,.test}.ts"],
    reason: "Only packages/tensorflow and a container's model.ts know TensorFlow.js.",
  },
  {
    library: /^ml-cart$/,
    files: ["containers/decision-tree/src/model{,.test}.ts"],
    reason:
      "Only the decision tree's model.ts knows ml-cart, so that another trainer fits behind it.",
  },
];

/** The top level of the repository, beside dotfiles. */
export const TOP_LEVEL: readonly string[] = [
  "LICENSE",
  "README.md",
  "containers",
  "datasets",
  "package-lock.json",
  "package.json",
  "packages",
  "scripts",
  "tsconfig.base.json",
  "turbo.json",
];

/** The modules that a source text imports, types included. */
export const findImports = (source: string): string[] => {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  const statements = code.matchAll(
    /^\s*(?:import|export)\s(?:[^;'"`]*?\sfrom\s*)?["']([^"']+)["']/gm,
  );
  const calls = code.matchAll(/\bimport\(\s*["']([^"']+)["']/g);
  return [...statements, ...calls].map((match) => match[1] ?? "");
};

/** What is wrong with a workspace of this kind and name importing `target`, a name behind `@byoc/`; nothing if it may. */
export const judgeImport = (
  kind: "packages" | "containers" | "scripts",
  name: string,
  target: string,
): string | undefined => {
  if (target === name || (kind === "scripts" && target === "scripts")) return undefined;
  const isPackage = Object.hasOwn(PACKAGE_LAW, target);
  if (kind !== "packages") {
    return isPackage ? undefined : `${kind} import packages only, not @byoc/${target}`;
  }
  const allowed = PACKAGE_LAW[name];
  if (allowed === undefined) return `packages/${name} has no line in PACKAGE_LAW`;
  return allowed.includes(target)
    ? undefined
    : `packages/${name} may import ${allowed.join(", ") || "no other room"}, not @byoc/${target}`;
};
