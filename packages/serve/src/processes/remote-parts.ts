type Part = string | Uint8Array;

/** The parts of a streamed answer on their way from another process, which is told of each that has been taken. */
export class RemoteParts implements AsyncIterable<Part> {
  readonly #onTaken: () => void;
  readonly #arrived: Part[] = [];
  #end: { readonly problem: Error | undefined } | undefined;
  #wake: () => void = () => {};

  constructor(onTaken: () => void) {
    this.#onTaken = onTaken;
  }

  push(part: Part): void {
    this.#arrived.push(part);
    this.#wake();
  }

  /** No more parts come; with a problem, whoever takes them is told after the last. Nobody need be there. */
  end(problem?: Error): void {
    this.#end ??= { problem };
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Part> {
    for (;;) {
      const part = this.#arrived.shift();
      if (part !== undefined) {
        this.#onTaken();
        yield part;
      } else if (this.#end === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      } else {
        if (this.#end.problem !== undefined) throw this.#end.problem;
        return;
      }
    }
  }
}
