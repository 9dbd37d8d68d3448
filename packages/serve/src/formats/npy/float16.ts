const EXPONENT_BIAS = 15;
const LARGEST_EXPONENT = 31;
const MANTISSA_BITS = 10;

/**
 * A half-precision number as a double, exactly.
 *
 * @param bits 16 bits: sign, 5 of exponent, 10 of mantissa.
 */
export const readFloat16 = (bits: number): number => {
  const sign = bits >>> 15 === 0 ? 1 : -1;
  const exponent = (bits >>> MANTISSA_BITS) & LARGEST_EXPONENT;
  const mantissa = bits & (2 ** MANTISSA_BITS - 1);
  if (exponent === LARGEST_EXPONENT) return mantissa === 0 ? sign * Infinity : NaN;
  const fraction = mantissa / 2 ** MANTISSA_BITS;
  return exponent === 0
    ? sign * fraction * 2 ** (1 - EXPONENT_BIAS)
    : sign * (1 + fraction) * 2 ** (exponent - EXPONENT_BIAS);
};
