import type { FeatureInput, ImageInput } from "../service.ts";
import type { DescribedService } from "./described-service.ts";
import { toExamplePng } from "./example-png.ts";

/** Rows with more columns are printed by awk in the example command, so that it stays readable. */
const MAX_SHOWN_COLUMNS = 100;

/** Plain numbers, as many as the model has columns: 0.5, 1.5, … 9.5, 0.5. */
export const toExampleRow = ({ columns }: FeatureInput): readonly number[] =>
  Array.from({ length: columns }, (_, index) => (index % 10) + 0.5);

/** The example row as a body of this media type; undefined for one that is not text. */
export const toExampleBody = (contentType: string, row: readonly number[]): string | undefined => {
  switch (contentType) {
    case "text/csv":
      return `${row.join(",")}\n`;
    case "application/json":
      return JSON.stringify({ instances: [row] });
    case "application/jsonlines":
      return `${JSON.stringify({ features: row })}\n`;
    case "text/libsvm":
    case "text/x-libsvm":
      return `0 ${row.map((value, index) => `${index}:${value}`).join(" ")}\n`;
    default:
      return undefined;
  }
};

/**
 * A command that works when pasted into a shell: curl with one row of the right number of columns, or one picture of the
 * right size. Needs nothing but curl; awk for more than 100 columns, base64 for pictures.
 *
 * For a model that takes bytes, or no content type that can be typed, the command names a file that the user must have.
 *
 * @param baseUrl Such as `http://localhost:8080`.
 */
export const toExampleCommand = (service: DescribedService, baseUrl: string): string => {
  const { input, contentTypes, accepts } = service;
  const toCurl = (contentType: string, body: string): string =>
    [
      "curl",
      `-H 'Content-Type: ${contentType}'`,
      ...(accepts.includes("application/json") ? ["-H 'Accept: application/json'"] : []),
      `--data-binary ${body}`,
      `${baseUrl}/invocations`,
    ].join(" ");

  if (input.kind === "images") return toImageCommand(input, contentTypes, toCurl);
  if (input.kind === "bytes") return toCurl(contentTypes[0] ?? "application/octet-stream", "@file");
  if (input.columns > MAX_SHOWN_COLUMNS && contentTypes.includes("text/csv")) {
    const program = `BEGIN { for (i = 1; i < ${input.columns}; i++) printf "0.5,"; print "0.5" }`;
    return `awk '${program}' | ${toCurl("text/csv", "@-")}`;
  }
  const row = toExampleRow(input);
  for (const contentType of ["text/csv", ...contentTypes]) {
    const body = toExampleBody(contentType, row);
    if (body === undefined || !contentTypes.includes(contentType)) continue;
    return toCurl(contentType, `'${body.trimEnd()}'`);
  }
  return toCurl(contentTypes[0] ?? "application/octet-stream", "@file");
};

const toImageCommand = (
  input: ImageInput,
  contentTypes: readonly string[],
  toCurl: (contentType: string, body: string) => string,
): string => {
  const contentType = ["image/png", "application/x-image"].find((each) =>
    contentTypes.includes(each),
  );
  if (contentType === undefined) return toCurl(contentTypes[0] ?? "image/png", "@image");
  const base64 = toExamplePng(input).toString("base64");
  return `echo ${base64} | base64 -d | ${toCurl(contentType, "@-")}`;
};
