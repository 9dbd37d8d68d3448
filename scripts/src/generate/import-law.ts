import { join, matchesGlob } from "node:path";
import { LIBRARY_LAW, PACKAGE_LAW } from "../architecture.ts";
import { repositoryDir } from "../repository.ts";
import { formatJson } from "./format.ts";
import { type GeneratedFile, toGeneratedFile } from "./generated-file.ts";

/** Files under one law: what they may import of the rooms. */
interface Scope {
  /** A glob from the root. */
  readonly files: string;
  /** Names behind `@byoc/`. */
  readonly rooms: readonly string[];
  readonly reason: string;
}

/** The law of imports as overrides for the linter, which tells it while one types: scripts/import-law.json. */
export const generateImportLaw = async (): Promise<GeneratedFile> =>
  toGeneratedFile(
    join(repositoryDir, "scripts/import-law.json"),
    await formatJson({ overrides: listScopes().map(toOverride) }),
  );

/** Each override replaces those before it for the same file, so the narrower scopes come behind. */
const listScopes = (): readonly Scope[] => {
  const packages = Object.keys(PACKAGE_LAW);
  const narrower = LIBRARY_LAW.flatMap(({ files }) => files).filter((glob) =>
    glob.startsWith("containers/"),
  );
  return [
    ...Object.entries(PACKAGE_LAW).map(([name, rooms]) => ({
      files: `packages/${name}/**`,
      rooms: [name, ...rooms],
      reason: `packages/${name} may import ${rooms.join(", ") || "no other room"}.`,
    })),
    ...["containers/**", ...narrower].map((files) => ({
      files,
      rooms: packages,
      reason: "A container imports packages only.",
    })),
    {
      files: "scripts/**",
      rooms: [...packages, "scripts"],
      reason: "Scripts import packages only.",
    },
  ];
};

const OTHER_ROOM = {
  regex: String.raw`^(\.\./)+(packages|containers|scripts)/`,
  message: "This file lies in another room; import it by its name.",
};

const toOverride = ({ files, rooms, reason }: Scope): object => {
  const libraries = LIBRARY_LAW.filter((law) => !law.files.some((glob) => covers(glob, files)));
  const patterns = [
    ...libraries.map((law) => ({ regex: law.library.source, message: law.reason })),
    {
      group: ["@byoc/**", ...rooms.flatMap((room) => [`!@byoc/${room}`, `!@byoc/${room}/**`])],
      message: reason,
    },
    OTHER_ROOM,
  ];
  return { files: [files], rules: { "no-restricted-imports": ["error", { patterns }] } };
};

/** Whether a glob matches what another one does, seen by a file that the other one matches. */
const covers = (glob: string, other: string): boolean =>
  matchesGlob(
    other.replace("**", "some/file.ts").replace("{,.test}", "").replace("*", "some"),
    glob,
  );
