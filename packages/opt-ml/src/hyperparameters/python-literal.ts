/**
 * Parses a Python literal as `str()` writes it: lists, tuples, dicts, strings in either quotes, numbers, `True`,
 * `False`, `None`.
 *
 * Version 2 of the SageMaker Python SDK sends a plain Estimator's hyperparameters in this form.
 *
 * @returns the value as JSON would hold it (a tuple becomes an array), or undefined when the text is not such a literal
 * @see https://docs.python.org/3/reference/lexical_analysis.html#string-and-bytes-literals
 */
export const parsePythonLiteral = (text: string): unknown => {
  try {
    return new Parser(tokenize(text)).parseAll();
  } catch (error) {
    if (error instanceof NotALiteral) return undefined;
    throw error;
  }
};

class NotALiteral extends Error {}

/** One word, bracket or comma as written, or a string without its quotes. */
interface Token {
  readonly text: string;
  readonly isString: boolean;
}

const TOKEN =
  /\s*(?:'(?<single>(?:[^'\\\n]|\\.)*)'|"(?<double>(?:[^"\\\n]|\\.)*)"|(?<other>[[\](){},:]|[-+]?[\w.]+(?:[-+]\d+)?))\s*/uy;

const tokenize = (text: string): readonly Token[] => {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const groups = TOKEN.exec(text)?.groups;
    if (groups === undefined) throw new NotALiteral();
    const string = groups["single"] ?? groups["double"];
    if (string === undefined) tokens.push({ text: groups["other"] ?? "", isString: false });
    else tokens.push({ text: unescape(string), isString: true });
  }
  return tokens;
};

/** Each letter of an escape, followed by what it stands for. */
const ESCAPES: ReadonlyMap<string, string> = new Map(
  ["a\u0007", "b\b", "f\f", "n\n", "r\r", "t\t", "v\v", "\\\\", "''", '""'].map(
    ([letter = "", character = ""]) => [letter, character],
  ),
);

const ESCAPE =
  /\\(?:x(?<x>[\da-fA-F]{2})|u(?<u>[\da-fA-F]{4})|U(?<U>[\da-fA-F]{8})|(?<octal>[0-7]{1,3})|(?<character>.))/gu;

const unescape = (string: string): string =>
  string.replaceAll(ESCAPE, (escape: string, ...match) => {
    const groups = match.at(-1) as Record<string, string | undefined>;
    const { octal, character } = groups;
    if (character !== undefined && /[xuUN]/u.test(character)) throw new NotALiteral();
    // Python keeps the backslash of an escape that it does not know.
    if (character !== undefined) return ESCAPES.get(character) ?? escape;
    const digits = groups["x"] ?? groups["u"] ?? groups["U"];
    const code =
      octal === undefined ? Number.parseInt(digits ?? "", 16) : Number.parseInt(octal, 8);
    if (code > LAST_CODE_POINT) throw new NotALiteral();
    return String.fromCodePoint(code);
  });

const LAST_CODE_POINT = 0x10_ffff;

const WORDS: Readonly<Record<string, boolean | null>> = { True: true, False: false, None: null };

const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/iu;

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parseAll(): unknown {
    const value = this.#parseValue();
    if (this.#next !== this.#tokens.length) throw new NotALiteral();
    return value;
  }

  #parseValue(): unknown {
    const { text, isString } = this.#take();
    if (isString) return text;
    if (text === "[") return this.#parseItems("]", () => this.#parseValue());
    if (text === "(") return this.#parseTuple();
    if (text === "{") return Object.fromEntries(this.#parseItems("}", () => this.#parseEntry()));
    if (Object.hasOwn(WORDS, text)) return WORDS[text];
    if (NUMBER.test(text)) return Number(text);
    throw new NotALiteral();
  }

  /** `(1, 2)`, `(1,)` and `()` are tuples; `(1)` is the number 1. */
  #parseTuple(): unknown {
    const items = this.#parseItems(")", () => this.#parseValue());
    const hasComma = this.#tokens[this.#next - 2]?.text === ",";
    return items.length === 1 && !hasComma ? items[0] : items;
  }

  #parseEntry(): [string, unknown] {
    const key = this.#parseValue();
    if (typeof key === "object" && key !== null) throw new NotALiteral();
    this.#expect(":");
    return [String(key), this.#parseValue()];
  }

  #parseItems<Item>(close: string, parseItem: () => Item): Item[] {
    const items: Item[] = [];
    while (!this.#isAt(close)) {
      items.push(parseItem());
      if (!this.#isAt(close)) this.#expect(",");
    }
    this.#expect(close);
    return items;
  }

  #take(): Token {
    const token = this.#tokens[this.#next++];
    if (token === undefined) throw new NotALiteral();
    return token;
  }

  #isAt(text: string): boolean {
    const token = this.#tokens[this.#next];
    return token !== undefined && !token.isString && token.text === text;
  }

  #expect(text: string): void {
    if (!this.#isAt(text)) throw new NotALiteral();
    this.#next += 1;
  }
}
