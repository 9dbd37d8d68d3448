import { expect } from "vitest";

/** Everything that an iterable yields. */
export const collect = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
};

/** The bytes of a stream, joined. */
export const readBytes = async (chunks: AsyncIterable<Uint8Array>): Promise<Buffer> =>
  Buffer.concat(await collect(chunks));

/** Code and message of the InputError that an action fails with. */
export const failureOf = async (action: () => unknown): Promise<string> => {
  let error: unknown;
  try {
    await action();
  } catch (reason) {
    error = reason;
  }
  expect(error).toMatchObject({ name: "InputError" });
  const { code, message } = error as { code: string; message: string };
  return `${code} ${message}`;
};
