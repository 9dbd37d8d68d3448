import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import path from "node:path";
import { readChannels } from "../channels/channels.ts";
import { type Cluster, readCluster } from "../cluster.ts";
import { type JsonObject, readConfigFile } from "../config-file.ts";
import { createPaths, type Paths } from "../paths.ts";
import {
  readToolkitHyperparameters,
  type ToolkitHyperparameters,
} from "./toolkit-hyperparameters.ts";
import {
  DEFAULT_GROUP,
  describeDistribution,
  listDistributionGroups,
  listGroups,
  listHosts,
} from "./toolkit-hosts.ts";
import { dumpPythonJson, type PythonValue, sortedEntries, toPythonValue } from "./python-text.ts";

/**
 * The `SM_*` variables as the SageMaker training toolkit sets them, for code that expects them; the platform sets none.
 *
 * @see https://github.com/aws/sagemaker-training-toolkit/blob/master/ENVIRONMENT_VARIABLES.md
 * @throws InputError CONFIG_FILE, CLUSTER or CHANNEL_CONFIG when the files of input/config are damaged
 */
export const toToolkitEnvironment = (
  paths: Paths = createPaths(),
): Readonly<Record<string, string>> => {
  const cluster = readCluster(paths);
  const settings = readToolkitHyperparameters(paths);
  const values = { ...describeJob(paths, cluster, settings), ...describeMachine() };
  const variables: Record<string, string> = {};
  for (const [key, value] of Object.entries(values))
    variables[`SM_${key.toUpperCase()}`] = toValue(value);
  for (const { name } of readChannels(paths).all) {
    variables[`SM_CHANNEL_${name.toUpperCase()}`] = path.join(paths.inputDataDir, name);
  }
  for (const [name, value] of sortedEntries(settings.user)) {
    variables[`SM_HP_${name.toUpperCase()}`] = toValue(value);
  }
  return {
    ...variables,
    SM_TRAINING_ENV: dumpPythonJson(toTrainingEnvironment(paths, cluster, values)),
    CURRENT_HOST: cluster.currentHost,
    SAGEMAKER_REGION: settings.region,
    SAGEMAKER_JOB_NAME: settings.jobName,
  };
};

type Values = Readonly<Record<string, PythonValue>>;

const describeJob = (paths: Paths, cluster: Cluster, settings: ToolkitHyperparameters): Values => {
  const { program, submitDirectory } = settings;
  const resourceConfig = readJsonObject(paths, "resourceconfig.json");
  const groups = listGroups(resourceConfig);
  const instanceGroup = cluster.instanceGroup ?? DEFAULT_GROUP;
  return {
    hosts: listHosts(resourceConfig, cluster),
    current_host: cluster.currentHost,
    network_interface_name: cluster.networkInterface,
    current_instance_type: cluster.instanceType ?? "local",
    current_instance_group: instanceGroup,
    current_instance_group_hosts: toPythonValue(groups[instanceGroup]?.["hosts"] ?? []),
    instance_groups: Object.keys(groups),
    instance_groups_dict: toPythonValue(groups),
    distribution_instance_groups: listDistributionGroups(settings, instanceGroup),
    is_hetero: Object.keys(groups).length > 1,
    ...(resourceConfig["topology"] === undefined
      ? {}
      : { topology: toPythonValue(resourceConfig["topology"]) }),
    hps: settings.user,
    user_args: settings.userArguments,
    framework_params: settings.framework,
    channels: readChannels(paths)
      .all.map(({ name }) => name)
      .toSorted(),
    input_dir: paths.inputDir,
    input_config_dir: paths.inputConfigDir,
    input_data_config: toPythonValue(readJsonObject(paths, "inputdataconfig.json")),
    resource_config: toPythonValue(resourceConfig),
    model_dir: paths.modelDir,
    output_dir: paths.outputDir,
    output_data_dir: paths.outputDataDir,
    output_intermediate_dir: paths.outputIntermediateDir,
    log_level: settings.logLevel,
    user_entry_point: program,
    // Without a program, the toolkit says so in Python's word.
    module_name: program === null ? "None" : program.replace(/\.py$/u, ""),
    module_dir: submitDirectory ?? path.join(paths.baseDir, "code"),
    framework_module: process.env["SAGEMAKER_TRAINING_MODULE"] ?? null,
  };
};

const describeMachine = (): Values => ({
  num_cpus: toPythonValue(availableParallelism()),
  num_gpus: toPythonValue(countGpus()),
  num_neurons: toPythonValue(0),
});

const toTrainingEnvironment = (
  paths: Paths,
  cluster: Cluster,
  { hps, channels, framework_params, user_args: _userArguments, ...values }: Values,
): PythonValue => ({
  topology: [],
  ...values,
  ...describeDistribution(
    readJsonObject(paths, "resourceconfig.json"),
    cluster,
    values["distribution_instance_groups"],
  ),
  is_modelparallel_enabled: null,
  is_smddpmprun_installed: false,
  is_smddprun_installed: false,
  additional_framework_parameters: framework_params ?? {},
  hyperparameters: hps ?? {},
  channel_input_dirs: Object.fromEntries(
    (Array.isArray(channels) ? channels : []).map((name: string) => [
      name,
      path.join(paths.inputDataDir, name),
    ]),
  ),
  job_name: process.env["TRAINING_JOB_NAME"] ?? null,
});

/** A text as it is, null as nothing, everything else as compact JSON with sorted keys. */
const toValue = (value: PythonValue): string =>
  value === null ? "" : typeof value === "string" ? value : dumpPythonJson(value);

const readJsonObject = ({ inputConfigDir }: Paths, name: string): JsonObject =>
  readConfigFile(inputConfigDir, name) ?? {};

/** As the toolkit counts: the GPUs that `nvidia-smi --list-gpus` names; none where the program is missing. */
const countGpus = (): number => {
  const { status, stdout } = spawnSync("nvidia-smi", ["--list-gpus"], { encoding: "utf8" });
  return status === 0 ? stdout.split("\n").filter((line) => line.startsWith("GPU ")).length : 0;
};
