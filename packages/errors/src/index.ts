export { InputError, isInputError } from "./input-error.ts";
export type { InputErrorOptions, InputLocation } from "./input-error.ts";
export { listNames, MAX_QUOTED_CHARACTERS, quote } from "./quote.ts";
