import { resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { usageError } from "../../cli/command-error.ts";
import { didYouMean } from "../../cli/did-you-mean.ts";
import { CONTENDERS, type Contender } from "./contenders.ts";
import { PAYLOAD_ROWS } from "./payloads.ts";

/** What `npm run bench:serve` is asked for. */
export interface Options {
  readonly contenders: readonly Contender[];
  /** Rows of each payload. */
  readonly payloads: readonly number[];
  /** Of each measured run. */
  readonly seconds: number;
  /** Of full load for each contender and payload. */
  readonly rounds: number;
  /** Starts of each contender alone, each with a steady load; 0 leaves that part out. */
  readonly visits: number;
  /** How often a contender with an idle worker is run. */
  readonly tries: number;
  readonly isInstalling: boolean;
  readonly python: string;
  /** `main.ts` of the container to measure; undefined for the one of this repository. */
  readonly entry: string | undefined;
  /** The file for the report. */
  readonly output: string | undefined;
  /** Rows of the payload to profile ours with, instead of a comparison. */
  readonly profileRows: number | undefined;
}

/** Reads the command line; ends the process for --help and for wrong usage (exit code 2). */
export const readOptions = (args: readonly string[]): Options => {
  const program = new Command("bench:serve")
    .description("Compares serving of a decision tree with what others serve one with.")
    .option("--contenders <ids>", `of ${CONTENDERS.map(({ id }) => id).join(", ")}`, parseIds)
    .option("--payloads <rows>", "rows of a request, such as 1,1000", parseRows, PAYLOAD_ROWS)
    .option("--seconds <n>", "length of each measured run (default: 8)", parseCount(1))
    .option("--rounds <n>", "rounds of full load; 0 for none (default: 3)", parseCount(0))
    .option(
      "--visits <n>",
      "starts, each with a steady load; 0 for none (default: 3)",
      parseCount(0),
    )
    .option("--quick", "2 seconds, 1 round, 1 visit: to see that it works, not to report")
    .option("--output <file>", "writes the tables there, too")
    .option("--python <program>", "makes the virtual environments", "python3")
    .option("--entry <file>", "src/main.ts of another copy of the container, to compare versions")
    .option("--install", "installs nginx and wrk with apt-get, as root")
    .option("--profile [rows]", "profiles a worker of ours under full load instead", parseCount(1))
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "")) })
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  program.parse(args, { from: "user" });
  const given = program.opts<Given>();
  const isQuick = given.quick === true;
  return {
    contenders: given.contenders ?? CONTENDERS,
    payloads: given.payloads,
    seconds: given.seconds ?? (isQuick ? 2 : 8),
    rounds: given.rounds ?? (isQuick ? 1 : 3),
    visits: given.visits ?? (isQuick ? 1 : 3),
    tries: isQuick ? 2 : 5,
    isInstalling: given.install === true,
    python: given.python,
    entry: given.entry === undefined ? undefined : resolve(given.entry),
    output: given.output === undefined ? undefined : resolve(given.output),
    profileRows: given.profile === true ? 1 : given.profile,
  };
};

interface Given {
  readonly contenders?: readonly Contender[];
  readonly payloads: readonly number[];
  readonly seconds?: number;
  readonly rounds?: number;
  readonly visits?: number;
  readonly quick?: true;
  readonly entry?: string;
  readonly output?: string;
  readonly python: string;
  readonly install?: true;
  readonly profile?: true | number;
}

/** Finds contenders by name, in the order of the table. */
export const parseIds = (text: string): Contender[] => {
  const known = CONTENDERS.map(({ id }) => id);
  const ids = text.split(",");
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    throw usageError(
      `there is no contender "${unknown}"${didYouMean(unknown, known)} (contenders: ${known.join(", ")})`,
    );
  }
  return CONTENDERS.filter(({ id }) => ids.includes(id));
};

const parseRows = (text: string): number[] => text.split(",").map(parseCount(1));

const parseCount =
  (least: number) =>
  (text: string): number => {
    const count = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    if (!(count >= least)) throw new InvalidArgumentError(`Expected a whole number from ${least}.`);
    return count;
  };
