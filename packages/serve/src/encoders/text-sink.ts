/** Text of so many characters is turned into bytes at once; ropes that grow longer cost more than their copy. */
const FLUSH_CHARACTERS = 16 * 1024;
/**
 * Collects the text of an answer. A short one stays a string, which goes out together with its headers; a long one
 * becomes bytes while it grows.
 */
export class TextSink {
  #text = "";
  #bytes: Buffer<ArrayBuffer> | undefined;
  #length = 0;

  /** Adds text, in halves of characters only if the other half comes next in the same call. */
  add(text: string): void {
    this.#text += text;
    if (this.#text.length > FLUSH_CHARACTERS) this.#flush();
  }

  /** All that was added; the sink must not be used any more. */
  finish(): string | Uint8Array<ArrayBuffer> {
    if (this.#bytes === undefined) return this.#text;
    this.#flush();
    return this.#bytes.subarray(0, this.#length);
  }

  #flush(): void {
    const needed = this.#length + Buffer.byteLength(this.#text);
    if (this.#bytes === undefined || needed > this.#bytes.length) {
      const bytes = Buffer.allocUnsafe(2 * needed);
      if (this.#bytes !== undefined) bytes.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = bytes;
    }
    this.#length += this.#bytes.write(this.#text, this.#length);
    this.#text = "";
  }
}

/** What {@link TextSink} and a plain string have in common for those who write to them. */
export type AddText = (text: string) => void;

/** What a writer adds, as a string. */
export const collectText = (write: (add: AddText) => void): string => {
  let text = "";
  write((part) => (text += part));
  return text;
};

/** What a writer adds, as the body of an answer. */
export const collectBody = (write: (add: AddText) => void): string | Uint8Array<ArrayBuffer> => {
  const sink = new TextSink();
  write((part) => sink.add(part));
  return sink.finish();
};
