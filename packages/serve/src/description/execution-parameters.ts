/** What GET /execution-parameters answers; the spelling is SageMaker's. */
export interface ExecutionParameters {
  /** Requests at the same time, from 1. */
  readonly MaxConcurrentTransforms: number;
  /** As many records in one request as fit. */
  readonly BatchStrategy: "MULTI_RECORD";
  /** The largest request in MB, 1 to 100. */
  readonly MaxPayloadInMB: number;
}

/** What {@link toExecutionParameters} computes with. */
export interface ExecutionResources {
  /** CPUs that the container may use, may be fractional. */
  readonly cpus: number;
  /** Memory that the container may use. */
  readonly memoryBytes: number;
  /** The largest body that the server takes; `Infinity` when there is no limit. */
  readonly maxBodyBytes: number;
  /** Processes that predict; as many as CPUs unless given. */
  readonly workers?: number | undefined;
  /** The most rows of a request, with the columns of a row: a request of short cells must not have more rows. */
  readonly maxRows?: number | undefined;
  readonly columns?: number | undefined;
}

const BYTES_PER_MB = 1024 * 1024;

/** SageMaker's bound on concurrent transforms times payload. */
const MAX_TOTAL_MB = 100;

/** So that each request may still have 6 MB, the payload that people expect. */
const MAX_CONCURRENT = 16;

/** A cell of CSV takes two bytes or more, and eight in the matrix that it becomes. */
const MEMORY_FACTOR = 4;

/** The share of the container's memory that requests may fill. */
const MEMORY_SHARE = 0.5;

/**
 * What batch transform should send: a request for each worker at the same time, each as large as SageMaker's bound, the
 * limits of the server and half of the memory allow.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-batch-code.html
 */
export const toExecutionParameters = ({
  cpus,
  memoryBytes,
  maxBodyBytes,
  workers = cpus,
  maxRows = Infinity,
  columns = Infinity,
}: ExecutionResources): ExecutionParameters => {
  const memoryMb = (memoryBytes * MEMORY_SHARE) / MEMORY_FACTOR / BYTES_PER_MB;
  const wished = Math.min(Math.floor(cpus), Math.floor(workers), MAX_CONCURRENT);
  const concurrent = Math.max(1, Math.min(wished, Math.floor(memoryMb)));
  /** A row takes at least a digit and a separator for each column. */
  const rowsMb = (maxRows * columns * 2) / BYTES_PER_MB;
  const payloadMb = Math.min(
    MAX_TOTAL_MB / concurrent,
    memoryMb / concurrent,
    maxBodyBytes / BYTES_PER_MB,
    rowsMb,
  );
  return {
    MaxConcurrentTransforms: concurrent,
    BatchStrategy: "MULTI_RECORD",
    MaxPayloadInMB: Math.max(1, Math.floor(payloadMb)),
  };
};
