import { docker } from "./docker.ts";

/** Bytes of an image, uncompressed; undefined when the engine keeps no image of this name, as a builder's own base. */
export const readImageBytes = async (name: string): Promise<number | undefined> => {
  const text = await docker("image", "inspect", "--format", "{{.Size}}", name).catch(() => "");
  return text === "" ? undefined : Number(text);
};
