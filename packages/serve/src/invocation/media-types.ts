/** One entry of an Accept header: `text/*;q=0.5`. */
interface MediaRange {
  readonly type: string;
  readonly subtype: string;
  /** 0 to 1; 0 is "not this one". */
  readonly quality: number;
}

/** What {@link negotiate} chooses from. */
export interface Negotiation {
  /** The media types that can be answered, in lower case. */
  readonly offered: readonly string[];
  /** The one to take when the client has no wish. */
  readonly preferred: string;
}

/**
 * A media type without its parameters, in lower case: `Text/CSV; charset=utf-8` is `text/csv`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-media-type
 */
export const toEssence = (mediaType: string): string => {
  const end = mediaType.indexOf(";");
  return (end === -1 ? mediaType : mediaType.slice(0, end)).trim().toLowerCase();
};

/**
 * The offered media type that an Accept header asks for, or undefined if it refuses them all.
 *
 * The highest quality wins, then the range that the client named first, then the preferred type. For each offered type
 * the most specific range that matches it gives its quality. Parameters other than `q` are ignored, and no header, or
 * an empty one, has no wish.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-accept
 */
export const negotiate = (
  accept: string | null | undefined,
  { offered, preferred }: Negotiation,
): string | undefined => {
  if (!accept || accept === "*/*") return preferred;
  if (offered.includes(accept)) return accept;
  const ranges = parseAccept(accept);
  if (ranges.length === 0) return preferred;

  let best: { mediaType: string; quality: number; place: number } | undefined;
  for (const mediaType of [preferred, ...offered]) {
    const place = findMostSpecific(ranges, mediaType);
    const quality = ranges[place]?.quality ?? 0;
    if (quality === 0) continue;
    const isBetter =
      best === undefined ||
      quality > best.quality ||
      (quality === best.quality && place < best.place);
    if (isBetter) best = { mediaType, quality, place };
  }
  return best?.mediaType;
};

const parseAccept = (accept: string): MediaRange[] => {
  const entries = accept.match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g) ?? [];
  return entries.filter((entry) => entry.trim() !== "").map(parseRange);
};

const parseRange = (entry: string): MediaRange => {
  const [type = "", subtype = ""] = toEssence(entry).split("/", 2);
  return { type, subtype, quality: readQuality(entry) };
};

/** The `q` parameter; 1 when there is none, or none that can be read. */
const readQuality = (entry: string): number => {
  const text = /;\s*q\s*=\s*([\d.]+)\s*(?:;|$)/i.exec(entry)?.[1];
  const quality = Number(text ?? 1);
  return Number.isNaN(quality) ? 1 : Math.min(quality, 1);
};

/** The index of the range that says most of this media type, or -1. */
const findMostSpecific = (ranges: readonly MediaRange[], mediaType: string): number => {
  const [type = "", subtype = ""] = mediaType.split("/", 2);
  const exact = ranges.findIndex((range) => range.type === type && range.subtype === subtype);
  if (exact !== -1) return exact;
  const family = ranges.findIndex((range) => range.type === type && range.subtype === "*");
  if (family !== -1) return family;
  return ranges.findIndex((range) => range.type === "*" && range.subtype === "*");
};
