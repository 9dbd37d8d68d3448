import type { ImageInput, InputDeclaration } from "../../service.ts";

/**
 * The declaration of a model that takes images.
 *
 * @throws Error for another kind of input: the decoders of images are not offered to it.
 */
export const requireImages = (input: InputDeclaration): ImageInput => {
  if (input.kind === "images") return input;
  throw new Error(`a decoder of images was asked for ${input.kind ?? "features"}`);
};
