import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { createSlots, createTurns } from "./turns.ts";

test("tasks of one key run in order, also after one that failed; other keys do not wait", async () => {
  const turns = createTurns();
  const order: string[] = [];
  const task = (name: string, ms: number) => async (): Promise<string> => {
    await sleep(ms);
    order.push(name);
    if (name.startsWith("bad")) throw new Error(name);
    return name;
  };
  const results = await Promise.allSettled([
    turns.run("a", task("bad 1", 20)),
    turns.run("a", task("2", 0)),
    turns.run("b", task("other", 5)),
    turns.run("a", task("3", 0)),
  ]);
  expect(order).toEqual(["other", "bad 1", "2", "3"]);
  expect(results.map(({ status }) => status)).toEqual([
    "rejected",
    "fulfilled",
    "fulfilled",
    "fulfilled",
  ]);
});

test("no more tasks run at once than there are slots, and a failed one frees its slot", async () => {
  const slots = createSlots(2);
  let running = 0;
  let most = 0;
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_none, at) =>
      slots.run(async () => {
        most = Math.max(most, ++running);
        await sleep(at % 3);
        running -= 1;
        if (at % 4 === 0) throw new Error("bad");
        return at;
      }),
    ),
  );
  expect(most).toBe(2);
  expect(running).toBe(0);
  expect(results.filter(({ status }) => status === "rejected")).toHaveLength(5);
});
