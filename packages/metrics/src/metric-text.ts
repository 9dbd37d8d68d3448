/**
 * A number as metric lines show it: whole numbers exactly, others with six significant digits, `NaN`, `Infinity` and
 * `-Infinity` by name.
 *
 * @example
 * toNumberText(0.123456789); // "0.123457"
 */
export const toNumberText = (value: number): string =>
  String(Number.isFinite(value) && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value);

/** One `name=value;` of a metric line; {@link toMetricRegex} finds it there. */
export const toMetricText = (name: string, value: number): string =>
  `${name}=${toNumberText(value)};`;

/**
 * The regular expression that catches one metric and no other; its first group is the number.
 *
 * The name must begin the line or follow white space, and names have no white space and no `=`: `loss` is not found in
 * `validation:loss=` nor in `loss_sum=`. `NaN` and `Infinity` are not caught, since CloudWatch refuses them. Python's re,
 * Java and RE2 read it alike.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/training-metrics.html
 * @example
 * toMetricRegex("loss"); // "(?:^|\\s)loss=(-?[0-9][0-9.e+-]*);"
 */
export const toMetricRegex = (name: string): string =>
  String.raw`(?:^|\s)${name.replaceAll(/[.+()]/g, String.raw`\$&`)}=(-?[0-9][0-9.e+-]*);`;
