import path from "node:path";

/** The folder that SageMaker mounts into a container. */
export const DEFAULT_BASE_DIR = "/opt/ml";

/**
 * Every path of the training contract, below one base folder.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
 */
export interface Paths {
  /** `/opt/ml`, or what `SAGEMAKER_BASE_DIR` says. */
  readonly baseDir: string;
  /** `/opt/ml/input` */
  readonly inputDir: string;
  /** `/opt/ml/input/config`: hyperparameters.json, inputdataconfig.json, resourceconfig.json */
  readonly inputConfigDir: string;
  /** `/opt/ml/input/data`: a folder for each channel, or its pipes */
  readonly inputDataDir: string;
  /** `/opt/ml/model`: becomes model.tar.gz */
  readonly modelDir: string;
  /** `/opt/ml/output` */
  readonly outputDir: string;
  /** `/opt/ml/output/data`: becomes output.tar.gz */
  readonly outputDataDir: string;
  /** `/opt/ml/output/intermediate`: a convention of the training toolkit */
  readonly outputIntermediateDir: string;
  /** `/opt/ml/output/failure`: why the job failed */
  readonly failureFile: string;
  /** `/opt/ml/checkpoints`, unless checkpointconfig.json names another folder */
  readonly defaultCheckpointDir: string;
}

/** The paths below `baseDir`, by default below `SAGEMAKER_BASE_DIR` or `/opt/ml`. */
export const createPaths = (
  baseDir: string = process.env["SAGEMAKER_BASE_DIR"] || DEFAULT_BASE_DIR,
): Paths => {
  const root = path.resolve(baseDir);
  return {
    baseDir: root,
    inputDir: path.join(root, "input"),
    inputConfigDir: path.join(root, "input/config"),
    inputDataDir: path.join(root, "input/data"),
    modelDir: path.join(root, "model"),
    outputDir: path.join(root, "output"),
    outputDataDir: path.join(root, "output/data"),
    outputIntermediateDir: path.join(root, "output/intermediate"),
    failureFile: path.join(root, "output/failure"),
    defaultCheckpointDir: path.join(root, "checkpoints"),
  };
};
