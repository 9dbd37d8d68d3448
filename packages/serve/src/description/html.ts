import type { ServiceDescription } from "./describe-service.ts";

const STYLE =
  "body{font:16px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}" +
  "pre{background:#f4f4f4;color:#111;padding:1rem;white-space:pre-wrap;overflow-wrap:anywhere}" +
  "dt{font-weight:600}dd{margin:0 0 .5rem;overflow-wrap:anywhere}";

const BYTES_PER_MB = 1024 * 1024;

/** A description as a page for people: no script, nothing loaded, every text escaped. */
export const toHtml = (description: ServiceDescription): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(description.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escape(description.title)}</h1>
<p>Paste this into a terminal:</p>
<pre>${escape(description.example)}</pre>
<dl>
${toEntries({
  Takes: describeInput(description.input),
  Gives: describeOutput(description.output),
  "Content types of requests": description.contentTypes.join(", "),
  "Content types of answers": description.accepts.join(", "),
  Limits: describeLimits(description.limits),
})}
</dl>
<h2>Routes</h2>
<dl>
${toEntries(description.routes)}
</dl>
<p><a href="openapi.json">openapi.json</a></p>
</body>
</html>
`;

const toEntries = (entries: Readonly<Record<string, string>>): string =>
  Object.entries(entries)
    .map(([term, text]) => `<dt>${escape(term)}</dt><dd>${escape(text)}</dd>`)
    .join("\n");

const describeInput = (input: ServiceDescription["input"]): string => {
  if (input.kind === "bytes") return "the body as it is";
  if (input.kind === "images") {
    const colours = input.channels === 3 ? "in colour" : "in grey";
    return `images, resized to ${input.width} x ${input.height} pixels ${colours}`;
  }
  const { columns, names, acceptsMissing } = input;
  return [
    `rows of ${columns} ${columns === 1 ? "number" : "numbers"}`,
    ...(names === undefined ? [] : [`: ${names.join(", ")}`]),
    ...(acceptsMissing === true ? [" (cells may be empty)"] : []),
  ].join("");
};

const describeOutput = (output: ServiceDescription["output"]): string => {
  if (output === undefined) return "one prediction for each row";
  if (output.kind === "values") return "a number for each row";
  const labels = `one of these labels for each row: ${output.classes.join(", ")}`;
  return output.hasProbabilities ? `${labels}; in JSON with probabilities` : labels;
};

const describeLimits = ({ maxBodyBytes, maxRows }: ServiceDescription["limits"]): string =>
  [
    maxBodyBytes === null
      ? "no limit of size"
      : `${Number((maxBodyBytes / BYTES_PER_MB).toFixed(2))} MB a request`,
    ...(maxRows === null ? [] : [`${maxRows} rows a request`]),
  ].join(", ");

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escape = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? "");
