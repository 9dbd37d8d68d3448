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
    SM_TRAINING_ENV: dumpPythonJson(toTrainingEnvironment(paths, cluster, settings, values)),
    CURRENT_HOST: cluster.currentHost,
    ...toPlainVariables(settings),
  };
};

type Values = Readonly<Record<string, PythonValue>>;

const describeJob = (paths: Paths, cluster: Cluster, settings: ToolkitHyperparameters): Values => {
  const { program, submitDirectory } = settings;
  const resourceConfig = readConfigFile(paths.inputConfigDir, "resourceconfig.json") ?? {};
  const groups = listGroups(resourceConfig);
  return {
    hosts: listHosts(resourceConfig, cluster),
    current_host: cluster.currentHost,
    network_interface_name: cluster.networkInterface,
    current_instance_type: cluster.instanceType ?? "local",
    current_instance_group: cluster.instanceGroup ?? "homogeneousCluster",
    current_instance_group_hosts: toPythonValue(
      groups[cluster.instanceGroup ?? ""]?.["hosts"] ?? [],
    ),
    instance_groups: Object.keys(groups),
    instance_groups_dict: toPythonValue(groups),
    distribution_instance_groups: [],
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
    input_data_config: readRaw(paths, "inputdataconfig.json"),
    resource_config: toPythonValue(resourceConfig),
    model_dir: paths.modelDir,
    output_dir: paths.outputDir,
    output_data_dir: paths.outputDataDir,
    output_intermediate_dir: paths.outputIntermediateDir,
    log_level: settings.logLevel,
    user_entry_point: program,
    module_name: program === null ? null : program.replace(/\.py$/u, ""),
    module_dir: submitDirectory ?? path.join(paths.baseDir, "code"),
    framework_module: null,
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
  settings: ToolkitHyperparameters,
  { hps, channels, framework_params, user_args: _userArguments, ...values }: Values,
): PythonValue => ({
  ...values,
  additional_framework_parameters: framework_params ?? {},
  hyperparameters: hps ?? {},
  channel_input_dirs: Object.fromEntries(
    (Array.isArray(channels) ? channels : []).map((name: string) => [
      name,
      path.join(paths.inputDataDir, name),
    ]),
  ),
  is_master: cluster.isLeader,
  master_hostname: cluster.leader,
  job_name: settings.jobName,
});

/** What the toolkit takes out of the reserved hyperparameters and sets without the prefix. */
const toPlainVariables = ({ region, jobName }: ToolkitHyperparameters): Record<string, string> => ({
  ...(region === null ? {} : { SAGEMAKER_REGION: region }),
  ...(jobName === null ? {} : { SAGEMAKER_JOB_NAME: jobName }),
});

/** A text as it is, null as nothing, everything else as compact JSON with sorted keys. */
const toValue = (value: PythonValue): string =>
  value === null ? "" : typeof value === "string" ? value : dumpPythonJson(value);

const listHosts = (resourceConfig: JsonObject, { hosts }: Cluster): PythonValue =>
  Array.isArray(resourceConfig["hosts"]) ? toPythonValue(resourceConfig["hosts"]) : [...hosts];

const listGroups = (resourceConfig: JsonObject): Readonly<Record<string, JsonObject>> => {
  const groups = resourceConfig["instance_groups"];
  if (!Array.isArray(groups)) return {};
  return Object.fromEntries(
    groups.map((group: JsonObject) => [String(group["instance_group_name"]), group]),
  );
};

const readRaw = (paths: Paths, name: string): PythonValue =>
  toPythonValue(readConfigFile(paths.inputConfigDir, name) ?? {});

/** As the toolkit counts: the lines of `nvidia-smi --list-gpus`; none where the program is missing. */
const countGpus = (): number => {
  const { status, stdout } = spawnSync("nvidia-smi", ["--list-gpus"], { encoding: "utf8" });
  return status === 0 ? stdout.split("\n").filter((line) => line.trim() !== "").length : 0;
};
