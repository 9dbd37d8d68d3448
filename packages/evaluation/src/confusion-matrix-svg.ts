import type { ClassificationEvaluation } from "./classification.ts";
import { scaleColor, textColor, toHex } from "./color-scale.ts";
import { FONT_SIZES, layOutMatrix, type MatrixLayout } from "./confusion-matrix-layout.ts";
import { escapeXml, estimateTextWidth, shortenText } from "./picture-text.ts";

/** What a picture says about itself. */
export interface PictureOptions {
  /** The heading, also read out by screen readers: `Iris, validation rows`. */
  readonly title: string;
}

const MAX_HEADING_COLUMNS = 56;

/**
 * The confusion matrix as an SVG picture: in each cell the count, the share of the actual class, and a colour for it.
 *
 * Equal input gives equal text. The picture holds no scripts and fetches nothing; labels that are too long are shortened,
 * and complete in the tooltips.
 *
 * @see https://www.w3.org/TR/SVG2/
 */
export const confusionMatrixToSvg = (
  evaluation: ClassificationEvaluation,
  { title }: PictureOptions,
): string => {
  const { rows, accuracy, confusionMatrix } = evaluation;
  const heading = shortenText(title, MAX_HEADING_COLUMNS);
  const layout = layOutMatrix(confusionMatrix, estimateTextWidth(heading, FONT_SIZES.heading));
  const { width, height } = layout;
  const summary = `${rows === 1 ? "1 row" : `${rows} rows`}, accuracy ${(100 * accuracy).toFixed(1)} %`;
  const description = `Confusion matrix of ${confusionMatrix.labels.length} classes: ${summary}. Rows are actual classes, columns are predicted ones.`;

  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="${FONT_SIZES.label}" fill="#1a1a1a">
<title>${escapeXml(title)}</title>
<desc>${escapeXml(description)}</desc>
<rect width="${width}" height="${height}" fill="#ffffff"/>
<text x="24" y="38" font-size="${FONT_SIZES.heading}" font-weight="600">${escapeXml(heading)}</text>
<text x="24" y="60" fill="#555555">${escapeXml(summary)}</text>
${drawAxes(confusionMatrix.labels, layout)}
${drawCells(evaluation, layout)}
${drawKey(layout)}
</svg>
`;
};

/** The titles of both axes and the labels of rows and columns, complete in their tooltips. */
const drawAxes = (
  labels: readonly string[],
  { left, top, cell, size, labels: short, isSloped }: MatrixLayout,
): string => {
  const middle = cell / 2;
  const axisTitle = 'fill="#555555" text-anchor="middle"';
  const titles = [
    `<text x="${left + size / 2}" y="98" ${axisTitle}>predicted</text>`,
    `<text transform="translate(38 ${top + size / 2}) rotate(-90)" ${axisTitle}>actual</text>`,
  ];
  const texts = labels.flatMap((label, index) => {
    const content = `<title>${escapeXml(label)}</title>${escapeXml(short[index] ?? "")}</text>`;
    const center = left + index * cell + middle;
    const column = isSloped
      ? `transform="translate(${center + 4} ${top - 8}) rotate(-45)"`
      : `x="${center}" y="${top - 9}" text-anchor="middle"`;
    const row = `x="${left - 10}" y="${top + index * cell + middle}" dy="0.35em" text-anchor="end"`;
    return [`<text ${row}>${content}`, `<text ${column}>${content}`];
  });
  return [...titles, ...texts].join("\n");
};

/** One square for each pair of classes; those on the diagonal, where the prediction was right, have an outline. */
const drawCells = (
  { confusionMatrix: { labels, counts }, classes }: ClassificationEvaluation,
  { left, top, cell }: MatrixLayout,
): string =>
  counts
    .flatMap((row, actual) =>
      row.map((count, predicted) => {
        const support = classes[actual]?.support ?? 0;
        const share = support === 0 ? 0 : count / support;
        const background = scaleColor(share);
        const isRight = actual === predicted;
        const outline = isRight ? ' stroke="#1a1a1a" stroke-width="1.5"' : "";
        const tooltip = `${count} of ${support} rows: actual ${labels[actual]}, predicted ${labels[predicted]}`;
        const middle = cell / 2;
        return `<g transform="translate(${left + predicted * cell} ${top + actual * cell})" text-anchor="middle" fill="${toHex(textColor(background))}"><title>${escapeXml(tooltip)}</title><rect x="1.5" y="1.5" width="${cell - 3}" height="${cell - 3}" rx="3" fill="${toHex(background)}"${outline}/><text x="${middle}" y="${middle}" dy="-0.05em" font-size="${FONT_SIZES.count}" font-weight="600">${count}</text><text x="${middle}" y="${middle}" dy="1.25em" font-size="${FONT_SIZES.share}">${formatShare(count, support)}</text></g>`;
      }),
    )
    .join("\n");

const KEY_STEPS = 20;
const KEY_STEP_WIDTH = 6;

/** What the colours mean. */
const drawKey = ({ left, top, size }: MatrixLayout): string => {
  const y = top + size + 24;
  const steps = Array.from({ length: KEY_STEPS }, (_, step) => {
    const color = toHex(scaleColor(step / (KEY_STEPS - 1)));
    return `<rect x="${left + 30 + step * KEY_STEP_WIDTH}" y="${y}" width="${KEY_STEP_WIDTH}" height="10" fill="${color}"/>`;
  });
  const end = left + 30 + KEY_STEPS * KEY_STEP_WIDTH;
  const text = `y="${y + 9}" font-size="${FONT_SIZES.share}" fill="#555555"`;
  return [
    `<text x="${left}" ${text}>0 %</text>`,
    ...steps,
    `<text x="${end + 6}" ${text}>100 % of the actual class</text>`,
  ].join("\n");
};

/** A share as a whole percentage; only nothing is 0 % and only everything is 100 %. */
const formatShare = (count: number, support: number): string => {
  if (support === 0) return "–";
  if (count === 0) return "0 %";
  if (count === support) return "100 %";
  const percent = Math.round((100 * count) / support);
  if (percent === 0) return "&lt; 1 %";
  return percent === 100 ? "&gt; 99 %" : `${percent} %`;
};
