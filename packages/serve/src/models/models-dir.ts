import { resolve } from "node:path";

/** Stands for `/opt/ml` where that folder cannot be made: tests, a laptop. */
export const BASE_DIR_VARIABLE = "SAGEMAKER_BASE_DIR";

/**
 * The folder below which SageMaker unpacks the models of a multi-model endpoint: `/opt/ml/models`.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/mms-container-apis.html
 */
export const readModelsDir = (
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string => resolve(environment[BASE_DIR_VARIABLE]?.trim() || "/opt/ml", "models");
