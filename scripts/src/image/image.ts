import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** What the image of a container is called, and what it is built from. */
export interface Image {
  /** `byoc/decision-tree` */
  readonly name: string;
  /** The version of the container, which is a tag of its image. */
  readonly version: string;
  /** Absolute. */
  readonly dockerfile: string;
  /** The base image: NODE_IMAGE of the environment, or what the Dockerfile says. */
  readonly nodeImage: string;
}

/** Reads what the image of the container in `dir` is to be. */
export const readImage = async (dir: string): Promise<Image> => {
  const dockerfile = join(dir, "Dockerfile");
  const manifest = JSON.parse(await readFile(join(dir, "package.json"), "utf8")) as {
    readonly name: string;
    readonly version: string;
  };
  const [, usual = ""] = /^ARG NODE_IMAGE=(\S+)/m.exec(await readFile(dockerfile, "utf8")) ?? [];
  return {
    name: manifest.name.replace("@", ""),
    version: manifest.version,
    dockerfile,
    nodeImage: process.env["NODE_IMAGE"] || usual,
  };
};
