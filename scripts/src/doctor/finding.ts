/** What one check of `byoc doctor` found. */
export interface Finding {
  /** `fail`: the commands need it. `warn`: something works less well, or a later step needs it. */
  readonly level: "ok" | "warn" | "fail";
  readonly subject: string;
  readonly found: string;
  /** What to do about it. */
  readonly mend?: string;
}
