/** Every code of a {@link MetricsError}; the README says for each what to do. */
export type MetricsErrorCode =
  | "METRIC_NAME_INVALID"
  | "METRIC_NOT_A_NUMBER"
  | "METRIC_REGEX_TOO_LONG"
  | "METRIC_TOO_MANY"
  | "METRIC_UNDECLARED"
  | "EMF_DIMENSION_INVALID"
  | "EMF_METRIC_INVALID"
  | "EMF_NAME_INVALID"
  | "EMF_NAMESPACE_INVALID"
  | "EMF_TIMESTAMP_INVALID"
  | "EMF_TOO_LARGE"
  | "PROGRESS_TOTAL_INVALID";

/**
 * The code asks for something that CloudWatch or SageMaker would refuse or drop without a word.
 *
 * It is a mistake in a program, not in a user's data: nothing catches it, and its stack says where to look.
 */
export class MetricsError extends Error {
  override readonly name: string = "MetricsError";
  /** A stable identifier in UPPER_SNAKE. */
  readonly code: MetricsErrorCode;

  constructor(code: MetricsErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
