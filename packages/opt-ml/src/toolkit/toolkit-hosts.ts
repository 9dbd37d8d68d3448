import type { Cluster } from "../cluster.ts";
import type { JsonObject } from "../config-file.ts";
import type { PythonValue } from "./python-text.ts";
import type { ToolkitHyperparameters } from "./toolkit-hyperparameters.ts";

/** What the toolkit calls the group of hosts that names none. */
export const DEFAULT_GROUP: string = "homogeneousCluster";

/** Settings by which the SDK asks for one of the ways to share work among hosts. */
const DISTRIBUTIONS: readonly string[] = [
  "mpi",
  "parameter_server",
  "distributed_dataparallel",
  "pytorch_ddp",
  "pytorch_xla_multi_worker",
  "multi_worker_mirrored_strategy",
  "torch_distributed",
].map((name) => `sagemaker_${name}_enabled`);

/** The instance groups whose hosts share the work. */
export const listDistributionGroups = (
  { framework }: ToolkitHyperparameters,
  instanceGroup: string,
): PythonValue => {
  const isDistributed = DISTRIBUTIONS.some((name) => framework[name] === true);
  return (
    framework["sagemaker_distribution_instance_groups"] ?? (isDistributed ? [instanceGroup] : [])
  );
};

/** The hosts that share the work, and the first of them. */
export const describeDistribution = (
  resourceConfig: JsonObject,
  cluster: Cluster,
  chosen: PythonValue | undefined,
): Readonly<Record<string, PythonValue>> => {
  const groups = Object.entries(listGroups(resourceConfig));
  const all = listHosts(resourceConfig, cluster);
  const hosts =
    groups.length === 0
      ? all
      : groups
          .filter(([name]) => Array.isArray(chosen) && chosen.includes(name))
          .flatMap(([, group]) => group["hosts"] as readonly string[]);
  const master = hosts[0] ?? all[0] ?? cluster.leader;
  return {
    distribution_hosts: hosts,
    master_hostname: master,
    is_master: cluster.currentHost === master,
  };
};

/** In the order of the file, as the toolkit has them. */
export const listHosts = (resourceConfig: JsonObject, { hosts }: Cluster): readonly string[] =>
  Array.isArray(resourceConfig["hosts"]) ? resourceConfig["hosts"] : hosts;

/** The entries of `instance_groups` by name. */
export const listGroups = (resourceConfig: JsonObject): Readonly<Record<string, JsonObject>> => {
  const groups = resourceConfig["instance_groups"];
  if (!Array.isArray(groups)) return {};
  return Object.fromEntries(
    groups.map((group: JsonObject) => [String(group["instance_group_name"]), group]),
  );
};
