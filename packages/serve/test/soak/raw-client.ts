import { connect, type Socket } from "node:net";

/** An answer as it was read from a socket. */
export interface RawAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An HTTP connection without a library in between: what is written and read is the bytes. */
export class RawClient {
  readonly socket: Socket;
  #received = "";
  #ended: Error | undefined;
  #wake: () => void = () => {};

  constructor(url: URL) {
    this.socket = connect(Number(url.port), url.hostname);
    this.socket.setNoDelay(true).setEncoding("latin1");
    this.socket.on("data", (text: string) => {
      this.#received += text;
      this.#wake();
    });
    this.socket.on("error", (error) => this.#end(error));
    this.socket.on("close", () => this.#end(new Error("the connection was closed")));
  }

  write(bytes: string | Buffer): void {
    this.socket.write(bytes);
  }

  /**
   * The next answer.
   *
   * @throws Error when the connection ends before the answer does
   */
  async read(): Promise<RawAnswer> {
    const head = await this.#take(() => this.#received.indexOf("\r\n\r\n") + 4, 4);
    const [statusLine = "", ...lines] = head.trimEnd().split("\r\n");
    const headers = Object.fromEntries(
      lines.map((line) => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1] ?? Number.NaN);
    if (Number.isNaN(status)) throw new Error(`not an answer: ${statusLine.slice(0, 80)}`);
    const isChunked = headers["transfer-encoding"] === "chunked";
    const body = isChunked
      ? await this.#readChunks()
      : await this.#takeBytes(status === 100 ? 0 : Number(headers["content-length"]));
    return { status, headers, body };
  }

  close(): void {
    this.socket.destroy();
  }

  async #readChunks(): Promise<string> {
    let body = "";
    for (;;) {
      const line = await this.#take(() => this.#received.indexOf("\r\n") + 2, 2);
      const size = /^[0-9a-f]+\r\n$/i.test(line) ? Number.parseInt(line, 16) : Number.NaN;
      if (Number.isNaN(size)) throw new Error(`not the size of a chunk: ${line.slice(0, 80)}`);
      body += (await this.#takeBytes(size + 2)).slice(0, size);
      if (size === 0) return body;
    }
  }

  #takeBytes(length: number): Promise<string> {
    return this.#take(() => (this.#received.length >= length ? length : 0), length === 0 ? 0 : 1);
  }

  /** Takes as many characters as `find` says, once that is at least `least`. */
  async #take(find: () => number, least: number): Promise<string> {
    for (;;) {
      const length = find();
      if (length >= least) {
        const text = this.#received.slice(0, length);
        this.#received = this.#received.slice(length);
        return text;
      }
      if (this.#ended !== undefined) throw this.#ended;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#wake();
  }
}

/** The head of a POST /invocations. */
export const formatHead = (
  headers: Readonly<Record<string, string | number>>,
  line = "POST /invocations",
): string => {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${line} HTTP/1.1\r\nhost: soak\r\n${lines.join("")}\r\n`;
};

/** One chunk of a chunked body; an empty one ends it. */
export const formatChunk = (bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);
