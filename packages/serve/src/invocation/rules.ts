import { InputError, listNames, quote } from "@byoc/errors";
import { ALIASES, decodeBytes, DECODERS } from "../decoders/index.ts";
import { ENCODERS, FALLBACK_MEDIA_TYPE } from "../encoders/index.ts";
import type { DecoderFactory, Encoder, Format } from "../format.ts";
import { InvocationError } from "../invocation-error.ts";
import type { InputDeclaration } from "../service.ts";
import type { AppSettings } from "../settings.ts";
import { negotiate, toEssence } from "./media-types.ts";
import type { RequestHead } from "./exchange.ts";

/** How one request is read and answered. */
export interface Route {
  /** Of the request, lower case, without parameters. */
  readonly contentType: string;
  readonly decoder: DecoderFactory;
  /** Of the answer. */
  readonly mediaType: string;
  readonly encoder: Encoder;
}

/** What is read and answered, and the choice between them. */
export interface Rules {
  /** Media types that can be read, for this input. */
  readonly readable: readonly string[];
  /** Media types that can be answered. */
  readonly offered: readonly string[];
  /**
   * Chooses decoder and encoder.
   *
   * @throws InvocationError UNSUPPORTED_CONTENT_TYPE (415) or NOT_ACCEPTABLE (406)
   */
  choose(head: RequestHead): Route;
}

/** The same few pairs of headers come again and again. */
const MAX_REMEMBERED = 64;
const MAX_REMEMBERED_CHARACTERS = 256;

/**
 * Collects what a service reads and answers.
 *
 * @throws InputError SETTING_INVALID if the default media type of answers is not offered
 */
export const createRules = (
  input: InputDeclaration,
  { defaultAccept }: Pick<AppSettings, "defaultAccept">,
  formats: readonly Format[] = [],
): Rules => {
  const decoders = listDecoders(input, formats);
  const encoders = listEncoders(formats);
  // Other spellings of a type are understood, and not advertised.
  const readable = [...decoders.keys()].filter((mediaType) => !ALIASES.has(mediaType));
  const offered = [...encoders.keys()];
  checkDefaultAccept(defaultAccept, offered);

  const decide = (contentTypeHeader: string, accept: string | undefined): Route => {
    const contentType = toEssence(contentTypeHeader);
    const decoder = decoders.get(contentType) ?? decoders.get("*/*");
    if (decoder === undefined) throw unsupported(contentType, readable);
    const wished = defaultAccept ?? contentType;
    const preferred = encoders.has(wished) ? wished : FALLBACK_MEDIA_TYPE;
    const mediaType = negotiate(accept, { offered, preferred });
    const encoder = mediaType === undefined ? undefined : encoders.get(mediaType);
    if (mediaType === undefined || encoder === undefined) throw notAcceptable(accept, offered);
    return { contentType, decoder, mediaType, encoder };
  };

  const remembered = new Map<string, Route>();
  return {
    readable,
    offered,
    choose(head) {
      const contentType = head.header("content-type") ?? "";
      const accept = head.header("accept");
      const key = accept === undefined ? contentType : `${contentType}\n${accept}`;
      const known = remembered.get(key);
      if (known !== undefined) return known;
      const route = decide(contentType, accept);
      const isShort = key.length <= MAX_REMEMBERED_CHARACTERS;
      if (isShort && remembered.size < MAX_REMEMBERED) remembered.set(key, route);
      return route;
    },
  };
};

/**
 * The media types that a service can answer.
 *
 * @throws InputError SETTING_INVALID if the default one is not among them
 */
export const checkDefaultAccept = (
  defaultAccept: string | undefined,
  offered: readonly string[],
): void => {
  if (defaultAccept === undefined || offered.includes(defaultAccept)) return;
  throw new InputError(
    "SETTING_INVALID",
    `SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT is ${quote(defaultAccept)}; expected ${listNames(offered)}`,
  );
};

/** What can be answered, built in and by the formats. */
export const listEncoders = (formats: readonly Format[]): ReadonlyMap<string, Encoder> =>
  new Map([...ENCODERS, ...formats.flatMap(({ encoders = {} }) => Object.entries(encoders))]);

const listDecoders = (
  { kind = "features" }: InputDeclaration,
  formats: readonly Format[],
): ReadonlyMap<string, DecoderFactory> => {
  if (kind === "bytes") return new Map([["*/*", decodeBytes]]);
  const added = formats
    .filter(({ inputKinds }) => inputKinds === undefined || inputKinds.includes(kind))
    .flatMap(({ decoders = {} }) => Object.entries(decoders));
  return new Map([...(kind === "features" ? DECODERS : []), ...added]);
};

const unsupported = (contentType: string, readable: readonly string[]): InvocationError => {
  const found = contentType === "" ? "none" : quote(contentType);
  return new InvocationError(
    415,
    "UNSUPPORTED_CONTENT_TYPE",
    `expected a Content-Type of ${listNames(readable)}, found ${found}`,
  );
};

const notAcceptable = (accept: string | undefined, offered: readonly string[]): InvocationError =>
  new InvocationError(
    406,
    "NOT_ACCEPTABLE",
    `the Accept header is ${quote(accept ?? "")}; this container answers ${listNames(offered)}`,
  );
