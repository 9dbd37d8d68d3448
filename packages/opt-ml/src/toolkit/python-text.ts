/** A number that JSON.parse would not keep as it was written: Python tells 5 from 5.0, and knows large integers. */
class PythonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A JSON value whose numbers remember how they were written. */
export type PythonValue =
  | string
  | boolean
  | null
  | PythonNumber
  | readonly PythonValue[]
  | { readonly [key: string]: PythonValue };

/**
 * Reads a text as Python's `json.loads` does; a text that is no JSON stays as it is, which is how the training toolkit
 * reads hyperparameters.
 */
export const loadPythonJson = (text: string): PythonValue => {
  if (Object.hasOwn(INFINITE, text.trim())) return new PythonNumber(text.trim());
  try {
    return JSON.parse(text, keepNumber) as PythonValue;
  } catch {
    return text;
  }
};

/** Python's JSON knows these numbers; its `str()` writes them so. */
const INFINITE: Readonly<Record<string, string>> = {
  Infinity: "inf",
  "-Infinity": "-inf",
  NaN: "nan",
};

/** A reviver is told how a number was written; the language's own types do not know that yet. */
const keepNumber = (_key: string, value: unknown, context?: { source?: string }): unknown =>
  typeof value === "number" ? new PythonNumber(toPythonNumber(context?.source, value)) : value;

/** Turns a value into one whose numbers are written as Python would write them. */
export const toPythonValue = (value: unknown): PythonValue =>
  loadPythonJson(JSON.stringify(value ?? null));

/** The value as `json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)` writes it. */
export const dumpPythonJson = (value: PythonValue): string => {
  if (value instanceof PythonNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(dumpPythonJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = sortedEntries(value as Readonly<Record<string, PythonValue>>);
    return `{${members.map(([key, member]) => `${dumpText(key)}:${dumpPythonJson(member)}`).join(",")}}`;
  }
  return typeof value === "string" ? dumpText(value) : JSON.stringify(value);
};

/** The value as Python's `str()` writes it: strings bare, `True`, `None`, `['a', 1]`. */
export const toPythonStr = (value: PythonValue): string =>
  typeof value === "string" ? value : toPythonRepr(value);

const toPythonRepr = (value: PythonValue): string => {
  if (value instanceof PythonNumber) return INFINITE[value.text] ?? value.text;
  if (typeof value === "string") return quotePythonText(value);
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(toPythonRepr).join(", ")}]`;
  const members = Object.entries(value as Readonly<Record<string, PythonValue>>);
  return `{${members.map(([key, member]) => `${quotePythonText(key)}: ${toPythonRepr(member)}`).join(", ")}}`;
};

/** Members in the order of their keys' code points. */
export const sortedEntries = (
  value: Readonly<Record<string, PythonValue>>,
): readonly (readonly [string, PythonValue])[] =>
  Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));

const dumpText = (text: string): string =>
  JSON.stringify(text).replaceAll(/[^ -~]/gu, (character) =>
    character
      .split("")
      .map((unit) => `\\u${toHex(unit, 4)}`)
      .join(""),
  );

const toHex = (character: string, digits: number): string =>
  (character.codePointAt(0) ?? 0).toString(16).padStart(digits, "0");

const quotePythonText = (text: string): string => {
  const escaped = text
    .replaceAll("\\", String.raw`\\`)
    .replaceAll("\n", String.raw`\n`)
    .replaceAll("\r", String.raw`\r`)
    .replaceAll("\t", String.raw`\t`)
    .replaceAll(UNPRINTABLE, escapeCharacter);
  if (!escaped.includes("'")) return `'${escaped}'`;
  return escaped.includes('"') ? `'${escaped.replaceAll("'", String.raw`\'`)}'` : `"${escaped}"`;
};

/** What Unicode calls other and separator, but the blank. */
const UNPRINTABLE = /(?! )[\p{C}\p{Z}]/gu;

const escapeCharacter = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${toHex(character, 2)}`;
  return code <= 0xffff ? `\\u${toHex(character, 4)}` : `\\U${toHex(character, 8)}`;
};

const toPythonNumber = (source: string | undefined, value: number): string => {
  const isInteger = source !== undefined && /^-?\d+$/u.test(source);
  if (isInteger) return source === "-0" ? "0" : source;
  return Number.isInteger(value) && source === undefined ? String(value) : toPythonFloat(value);
};

/** Python's `repr` of a float: 5.0, 1e-07, 1e+16. */
const toPythonFloat = (value: number): string => {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const [digits = "", exponentText = ""] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 16) {
    const text =
      exponent < 0
        ? value.toFixed(digits.replace(/\D/gu, "").length - 1 - exponent)
        : String(value);
    return text.includes(".") ? text : `${text}.0`;
  }
  const sign = exponent < 0 ? "-" : "+";
  return `${digits}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
};
