/** 2^27 + 1: splits a double into two halves whose products are exact. */
const SPLITTER = 134_217_729;
/** 2^-90: far more than the error of the quotient below, far less than half a unit of its last place. */
const MARGIN = 2 ** -90;

/**
 * The double nearest to (mantissa * power + low) / divisor, where the numerator has more bits than a double.
 *
 * Numerator and quotient are each kept as the sum of two doubles, with an error below 2^-102 of the quotient. If the
 * quotient rounds to the same double a little above and a little below, it is the right one.
 *
 * @param mantissa An integer below 2^53.
 * @param power A power of ten up to 10^6, exact.
 * @param low An integer below `power`.
 * @param divisor A power of ten up to 10^22, exact.
 * @returns NaN where the quotient is too near to the middle between two doubles to be certain.
 * @see https://csclub.uwaterloo.ca/~pbarfuss/dekker1971.pdf T. J. Dekker, A Floating-Point Technique for Extending the
 * Available Precision, 1971
 */
export const divideLong = (
  mantissa: number,
  power: number,
  low: number,
  divisor: number,
): number => {
  const product = mantissa * power;
  const numerator = product + low;
  // The sums and differences of integers below are exact.
  const rest = multiplicationError(mantissa, power, product) + (product - numerator + low);

  const quotient = numerator / divisor;
  const multiple = quotient * divisor;
  const remainder = numerator - multiple - multiplicationError(quotient, divisor, multiple) + rest;
  const correction = remainder / divisor;
  const margin = quotient * MARGIN;
  const above = quotient + (correction + margin);
  return above === quotient + (correction - margin) ? above : Number.NaN;
};

/** What rounding took from a product: a * b - product, exactly. */
const multiplicationError = (a: number, b: number, product: number): number => {
  const scaledA = a * SPLITTER;
  const highA = scaledA - (scaledA - a);
  const lowA = a - highA;
  const scaledB = b * SPLITTER;
  const highB = scaledB - (scaledB - b);
  const lowB = b - highB;
  return highA * highB - product + highA * lowB + lowA * highB + lowA * lowB;
};
