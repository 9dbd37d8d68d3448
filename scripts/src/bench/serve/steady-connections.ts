import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A connection that carries one request at a time. */
export interface Connection {
  /** Calls back once: with the status 200 and the body, or with false. */
  send(request: Buffer, done: (isFine: boolean, body: string) => void): void;
}

/** Connections to one port of 127.0.0.1 that are kept alive and used in turn. */
export interface Pool {
  /** Resolves when the first connections are open. */
  opened(): Promise<void>;
  /** The connection that has been idle for longest, else a new one; undefined when 512 are busy. */
  take(): Connection | undefined;
  close(): void;
}

const MAX_CONNECTIONS = 512;

/** Opens `count` connections, and more as they are needed; one that the server closes is replaced. */
export const createPool = (port: number, count: number): Pool => {
  const idle: Member[] = [];
  const all = new Set<Member>();
  const open = (isIdle: boolean): Member => {
    const member = new Member(
      connect({ port, host: "127.0.0.1", noDelay: true }),
      () => idle.push(member),
      () => {
        all.delete(member);
        if (idle.includes(member)) idle.splice(idle.indexOf(member), 1);
        if (!isClosed && all.size < count) open(true);
      },
    );
    all.add(member);
    if (isIdle) member.socket.once("connect", () => idle.push(member));
    return member;
  };
  let isClosed = false;
  const opening = Array.from({ length: count }, () => once(open(true).socket, "connect"));
  return {
    opened: async () => void (await Promise.all(opening)),
    take: () => idle.shift() ?? (all.size < MAX_CONNECTIONS ? open(false) : undefined),
    close: () => {
      isClosed = true;
      for (const { socket } of all) socket.destroy();
    },
  };
};

class Member implements Connection {
  readonly socket: Socket;
  readonly #release: () => void;
  #received = "";
  #done: ((isFine: boolean, body: string) => void) | undefined;

  constructor(socket: Socket, release: () => void, remove: () => void) {
    this.socket = socket;
    this.#release = release;
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => this.#read(chunk));
    socket.on("error", () => {});
    socket.on("close", () => {
      remove();
      this.#finish(false, "");
    });
  }

  send(request: Buffer, done: (isFine: boolean, body: string) => void): void {
    this.#received = "";
    this.#done = done;
    this.socket.write(request);
  }

  #read(chunk: string): void {
    // What comes without a request, such as a 408 before the server closes, answers nothing.
    if (this.#done === undefined) return;
    this.#received += chunk;
    const answer = parseAnswer(this.#received);
    if (answer === undefined) return;
    this.#finish(answer.status === 200, answer.body);
    if (answer.isLast) this.socket.destroy();
    else this.#release();
  }

  #finish(isFine: boolean, body: string): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(isFine, body);
  }
}

/** An answer with Content-Length or in chunks; undefined while it is not complete. */
export const parseAnswer = (
  text: string,
): { status: number; body: string; isLast: boolean } | undefined => {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const head = text.slice(0, end).toLowerCase();
  const body = text.slice(end + 4);
  const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
  const isComplete =
    length === undefined ? /(^|\r\n)0\r\n\r\n$/.test(body) : body.length >= Number(length);
  if (!isComplete) return undefined;
  return {
    status: Number(head.slice(9, 12)),
    body,
    isLast: head.includes("\r\nconnection: close"),
  };
};
