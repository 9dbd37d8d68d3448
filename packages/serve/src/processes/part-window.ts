/** A client that reads slowly holds the model up, instead of having its answer piled up in memory. */
const MAX_PARTS_AHEAD = 8;

/** Bounds the parts of a streamed answer that are on their way to the process that sends them. */
export class PartWindow {
  #ahead = 0;
  #isClosed = false;
  #wake: () => void = () => {};

  /** Resolves when another part may be sent: true, or false when nobody takes any more. */
  async enter(): Promise<boolean> {
    while (this.#ahead >= MAX_PARTS_AHEAD && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#ahead += 1;
    return !this.#isClosed;
  }

  /** A part has been taken. */
  leave(): void {
    this.#ahead -= 1;
    this.#wake();
  }

  close(): void {
    this.#isClosed = true;
    this.#wake();
  }
}
