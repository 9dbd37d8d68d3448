import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { CommandError } from "../../cli/command-error.ts";
import { remark } from "../../cli/terminal.ts";
import { runTool } from "./tools.ts";

/** The folders of `peers/` with a requirements.txt. */
export type StackName = "sample" | "fastapi" | "mlserver" | "bentoml";

/** Where virtual environments and caches are kept between runs, outside the repository. */
export const cacheDir: string = join(
  process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"),
  "byoc/bench",
);

/** A peer's own virtual environment. */
export interface PythonStack {
  /** `…/bin`, with `python` and the stack's programs. */
  readonly binDir: string;
  /** `Flask 3.1.3, gunicorn 27.0.1, …` */
  readonly versions: string;
  /** `Python 3.11.7` */
  readonly python: string;
}

/** The folder of a stack's program files. */
export const findPeerDir = (name: StackName): string => join(import.meta.dirname, "peers", name);

/**
 * Finds the virtual environment of a stack, or makes it, which takes a minute or two.
 *
 * A stamp beside it holds what it was made from; another Python or other requirements make it anew.
 *
 * @throws {CommandError} when Python is missing or pip cannot install.
 */
export const prepareStack = async (name: StackName, python: string): Promise<PythonStack> => {
  const file = join(findPeerDir(name), "requirements.txt");
  const requirements = await readFile(file, "utf8");
  const version = (await runTool([python, "--version"])).trim();
  const stamp = createHash("sha256").update(`${version}\n${requirements}`).digest("hex");
  const dir = join(cacheDir, name);
  const stampFile = `${dir}.stamp`;
  const found = await readFile(stampFile, "utf8").catch(() => "");
  const binDir = join(dir, "bin");
  if (found !== stamp) {
    remark(`Installing ${name} for ${version} into ${dir} …`);
    await rm(stampFile, { force: true });
    await rm(dir, { recursive: true, force: true });
    await mkdir(cacheDir, { recursive: true });
    await runTool([python, "-m", "venv", dir]);
    const pip = [join(binDir, "python"), "-m", "pip"] as const;
    await runTool([...pip, "install", "--quiet", "--compile", "-r", file]);
    await writeFile(stampFile, stamp);
  }
  return { binDir, versions: listVersions(requirements), python: version };
};

/** Writes a scikit-learn tree that answers as the container's model file does. */
export const buildTree = async (
  { binDir }: PythonStack,
  modelFile: string,
  target: string,
): Promise<void> => {
  const program = join(import.meta.dirname, "peers/build_tree.py");
  await runTool([join(binDir, "python"), program, modelFile, target]);
};

const listVersions = (requirements: string): string => {
  const pins = requirements.split("\n").filter((line) => line.includes("=="));
  if (pins.length === 0) throw new CommandError("a requirements.txt pins nothing");
  return pins.map((pin) => pin.replace("==", " ")).join(", ");
};
