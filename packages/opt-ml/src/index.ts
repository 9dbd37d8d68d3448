export { InputError, isInputError } from "@byoc/errors";
export { writeFileAtomic } from "./atomic-file.ts";
export type { Channel, ChannelSource, InputMode } from "./channels/channel.ts";
export { readChannels } from "./channels/channels.ts";
export type { Channels } from "./channels/channels.ts";
export { readRecordIo } from "./channels/record-io.ts";
export type { CheckpointParts } from "./checkpoint-file.ts";
export { openCheckpoints } from "./checkpoints.ts";
export type { Checkpoint, Checkpoints, CheckpointsOptions } from "./checkpoints.ts";
export { readCluster, readResourceConfig } from "./cluster.ts";
export type { Cluster, ClusterDescription, ClusterSource, InstanceGroup } from "./cluster.ts";
export { defineHyperparameters } from "./hyperparameters/hyperparameters.ts";
export type {
  Hyperparameters,
  HyperparametersOptions,
  ValuesOf,
} from "./hyperparameters/hyperparameters.ts";
export type { Parameter, ParameterType } from "./hyperparameters/parameter.ts";
export {
  toHyperParameterSpecifications,
  toMarkdownTable,
  toParameterRanges,
} from "./hyperparameters/specification.ts";
export type {
  HyperParameterSpecification,
  ParameterRanges,
} from "./hyperparameters/specification.ts";
export { createPaths, DEFAULT_BASE_DIR } from "./paths.ts";
export type { Paths } from "./paths.ts";
export { toCommandLineArguments } from "./toolkit/toolkit-hyperparameters.ts";
export { toToolkitEnvironment } from "./toolkit/toolkit-environment.ts";
export type { TrainingFunction, TrainingJob } from "./training/job.ts";
export { runTraining } from "./training/run-training.ts";
export type { TrainingOptions } from "./training/run-training.ts";
export { StopRequest } from "./training/stop.ts";
