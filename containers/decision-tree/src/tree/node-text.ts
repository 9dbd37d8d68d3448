import { shortenText } from "@byoc/evaluation";

const MAX_NAME_COLUMNS = 32;

/** A number with up to six significant digits: `2.45`, also for the 2.4500000000000002 of floating-point arithmetic. */
export const formatNumber = (value: number): string => String(Number(value.toPrecision(6)));

/** A share below 1 as a whole percentage; only everything is 100 %, and only nothing is 0 %. */
export const formatShare = (share: number): string => {
  const percent = Math.round(100 * share);
  if (percent >= 100 && share < 1) return "> 99 %";
  if (percent === 0 && share > 0) return "< 1 %";
  return `${percent} %`;
};

/** The question of a split, the feature's name shortened: `petal length < 2.45`. */
export const formatQuestion = ({
  feature,
  threshold,
}: {
  readonly feature: string;
  readonly threshold: number;
}): string => `${formatName(feature)} < ${formatNumber(threshold)}`;

/** A label or a feature's name as one line of at most 32 columns; a visible mark for the empty one. */
export const formatName = (name: string): string =>
  shortenText(name, MAX_NAME_COLUMNS) || "(empty)";

/** What stands for a subtree that is left out; it has three nodes or more. */
export const formatHidden = (hidden: number): string => `… ${hidden} more nodes`;
