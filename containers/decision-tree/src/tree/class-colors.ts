/** A class's colour, and a tint of it light enough for black text. */
export interface ClassColor {
  readonly strong: string;
  readonly tint: string;
}

/**
 * The palette of Okabe and Ito without black, which people with any colour vision tell apart.
 *
 * @see https://jfly.uni-koeln.de/color/
 */
const OKABE_ITO: readonly ClassColor[] = [
  { strong: "#0072b2", tint: "#cce3f0" },
  { strong: "#e69f00", tint: "#faeccc" },
  { strong: "#009e73", tint: "#ccece3" },
  { strong: "#cc79a7", tint: "#f5e4ed" },
  { strong: "#d55e00", tint: "#f7dfcc" },
  { strong: "#56b4e9", tint: "#ddf0fb" },
  { strong: "#f0e442", tint: "#fcfad9" },
];

const UNKNOWN: ClassColor = { strong: "#767676", tint: "#e4e4e4" };

/** A colour for each of the classes, again from the first after seven; grey for other labels. */
export const createClassColors = (classes: readonly string[]): ((label: string) => ClassColor) => {
  const colors = new Map(
    classes.map((label, index) => [label, OKABE_ITO[index % OKABE_ITO.length] ?? UNKNOWN]),
  );
  return (label) => colors.get(label) ?? UNKNOWN;
};
