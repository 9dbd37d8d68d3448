import { copyFile, cp, lstat, mkdir, mkdtemp, rm, symlink, readlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { docker } from "../docker.ts";
import { runTool } from "./run-tool.ts";

/** The packages of this Debian that a base image cannot do without. */
const PACKAGES = [
  "base-files",
  "base-passwd",
  "libc6",
  "libc-bin",
  "dash",
  "bash",
  "coreutils",
  "findutils",
  "grep",
  "sed",
  "tar",
  "gzip",
] as const;

/** Settings of the network, which builds in the stand-in need where this machine does. */
const NETWORK_VARIABLES = [
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "npm_config_registry",
] as const;

/**
 * Makes a base image without an image hub: files of this machine's own Debian packages, the Node.js that runs this
 * program, and its npm. It stands in for the slim image that the Dockerfile names, in tests only.
 *
 * @returns the name of the image
 */
export const createStandInBase = async (): Promise<string> => {
  const workDir = await mkdtemp(join(tmpdir(), "byoc-base-"));
  const root = join(workDir, "root");
  try {
    for (const dir of ["usr/bin", "usr/sbin", "usr/lib", "usr/lib64"]) {
      await mkdir(join(root, dir), { recursive: true });
    }
    await copyPackages(root);
    await copyNode(root);
    const variables = await copyNetwork(root);
    const archive = join(workDir, "root.tar");
    await runTool("tar", "-C", root, "-cf", archive, ".");
    const name = `byoc/node-stand-in:${process.version}`;
    const changes = variables.flatMap((variable) => ["--change", `ENV ${variable}`]);
    await docker("import", ...changes, archive, name);
    return name;
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
};

const copyPackages = async (root: string): Promise<void> => {
  const listed = (await runTool("dpkg-query", "--listfiles", ...PACKAGES)).split("\n");
  const files = new Set(
    listed.filter((path) => /^\/./.test(path) && !/^\/usr\/share\/(?!base-passwd)/.test(path)),
  );
  for (const path of [...files].toSorted()) await copyEntry(path, root);
  await copyFile("/usr/share/base-passwd/passwd.master", join(root, "etc/passwd"));
  await copyFile("/usr/share/base-passwd/group.master", join(root, "etc/group"));
  const programs = [...files].filter((path) => /^(?:\/usr)?\/s?bin\/./.test(path));
  await copyLibraries([...programs, process.execPath], root);
};

/** Copies the shared libraries that programs load. */
const copyLibraries = async (programs: readonly string[], root: string): Promise<void> => {
  // ldd ends with 1 when one of the programs is a script.
  const { stdout } = await runTool("ldd", ...programs).then(
    (text) => ({ stdout: text }),
    (error: Error & { stdout: string }) => error,
  );
  const libraries = new Set(
    Array.from(stdout.matchAll(/(\/\S+) \(0x/g), (match) => match[1] ?? ""),
  );
  for (const path of libraries) {
    await mkdir(join(root, dirname(path)), { recursive: true });
    await copyFile(path, join(root, path));
  }
};

const copyNode = async (root: string): Promise<void> => {
  await copyFile(process.execPath, join(root, "usr/bin/node"));
  // npm names itself to the scripts that it runs: …/npm/bin/npm-cli.js.
  const cli = process.env["npm_execpath"];
  if (cli === undefined) throw new Error("start this with npm run, so that npm is known");
  await cp(dirname(dirname(cli)), join(root, "usr/lib/node_modules/npm"), { recursive: true });
  await symlink("../lib/node_modules/npm/bin/npm-cli.js", join(root, "usr/bin/npm"));
};

const copyNetwork = async (root: string): Promise<string[]> => {
  const variables = NETWORK_VARIABLES.flatMap((name) => {
    const value = process.env[name] ?? "";
    return value === "" ? [] : [`${name}=${value}`];
  });
  const authorities = process.env["NODE_EXTRA_CA_CERTS"] ?? "";
  if (authorities === "") return variables;
  await copyFile(authorities, join(root, "etc/extra-ca.pem"));
  return [...variables, "NODE_EXTRA_CA_CERTS=/etc/extra-ca.pem"];
};

/** Copies a file, folder or link of a package; what this machine has removed or moved away is left out. */
const copyEntry = async (path: string, root: string): Promise<void> => {
  const target = join(root, path);
  const entry = await lstat(path).catch(() => undefined);
  const isThere = await lstat(target).then(
    () => true,
    () => false,
  );
  if (entry === undefined || isThere) return;
  if (entry.isDirectory()) await mkdir(target, { mode: entry.mode });
  else if (entry.isSymbolicLink()) await symlink(await readlink(path), target);
  else await copyFile(path, target);
};
