import { InputError, listNames, quote } from "@byoc/errors";
import { isJsonObject, type JsonObject, readConfigFile } from "./config-file.ts";
import { compareNaturally } from "./natural-order.ts";
import type { Paths } from "./paths.ts";

/** A set of hosts of one instance type. */
export interface InstanceGroup {
  readonly name: string;
  /** Such as `ml.g5.xlarge`. */
  readonly instanceType: string;
  readonly hosts: readonly string[];
}

/** Which host this is among those of the job; whatever engine started them, each host sees the same order. */
export interface Cluster {
  /** Position of this host in `hosts`, from 0. */
  readonly rank: number;
  /** Number of hosts, from 1. */
  readonly worldSize: number;
  /** Names that resolve to the hosts, in natural order: algo-1, algo-2, …, algo-10. */
  readonly hosts: readonly string[];
  readonly currentHost: string;
  /** The host of rank 0: it alone writes the model. */
  readonly leader: string;
  readonly isLeader: boolean;
  /** Interface on which the hosts reach each other, such as `eth0`. */
  readonly networkInterface: string;
  /** Such as `ml.m5.large`; unknown on older platforms. */
  readonly instanceType: string | undefined;
  /** The group that this host belongs to; unknown on older platforms. */
  readonly instanceGroup: string | undefined;
  /** Groups of a heterogeneous cluster; empty on older platforms and in local mode. */
  readonly instanceGroups: readonly InstanceGroup[];
}

/** What an engine says about the job's hosts, in any order. */
export interface ClusterDescription {
  readonly currentHost: string;
  readonly hosts: readonly string[];
  readonly networkInterface?: string | undefined;
  readonly instanceType?: string | undefined;
  readonly instanceGroup?: string | undefined;
  readonly instanceGroups?: readonly InstanceGroup[];
}

/** One way to learn about the hosts; undefined where its engine is not the one that runs the job. */
export type ClusterSource = (paths: Paths) => ClusterDescription | undefined;

/**
 * Reads resourceconfig.json, in its old form (hosts only) and its new one (instance groups).
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
 * @throws InputError CONFIG_FILE or CLUSTER when the file does not hold what SageMaker writes
 */
export const readResourceConfig: ClusterSource = ({ inputConfigDir }) => {
  const config = readConfigFile(inputConfigDir, "resourceconfig.json");
  if (config === undefined || Object.keys(config).length === 0) return undefined;
  const hosts = toNames(config["hosts"], "hosts");
  return {
    currentHost: toName(config["current_host"], "current_host"),
    hosts,
    networkInterface: toOptionalName(config["network_interface_name"]),
    instanceType: toOptionalName(config["current_instance_type"]),
    instanceGroup: toOptionalName(config["current_group_name"]),
    instanceGroups: toInstanceGroups(config["instance_groups"]),
  };
};

/** Asked in this order; the first that knows answers. Kubernetes and AWS Batch belong here too. */
const CLUSTER_SOURCES: readonly ClusterSource[] = [readResourceConfig];

const SINGLE_HOST: ClusterDescription = { currentHost: "algo-1", hosts: ["algo-1"] };

/**
 * The hosts of this job, with this one's rank; a single host when no engine describes a cluster.
 *
 * @throws InputError CLUSTER when the current host is not among the hosts
 */
export const readCluster = (
  paths: Paths,
  sources: readonly ClusterSource[] = CLUSTER_SOURCES,
): Cluster => {
  let description = SINGLE_HOST;
  for (const source of sources) {
    const answer = source(paths);
    if (answer === undefined) continue;
    description = answer;
    break;
  }
  return toCluster(description);
};

const toCluster = ({ currentHost, ...description }: ClusterDescription): Cluster => {
  const hosts = [...new Set(description.hosts)].toSorted(compareNaturally);
  const rank = hosts.indexOf(currentHost);
  const leader = hosts[0];
  if (rank === -1 || leader === undefined) {
    throw clusterError(
      `current_host is ${quote(currentHost)}, but the hosts are ${listNames(hosts)}`,
    );
  }
  return {
    rank,
    worldSize: hosts.length,
    hosts,
    currentHost,
    leader,
    isLeader: rank === 0,
    networkInterface: description.networkInterface ?? "eth0",
    instanceType: description.instanceType,
    instanceGroup: description.instanceGroup,
    instanceGroups: description.instanceGroups ?? [],
  };
};

const toInstanceGroups = (value: unknown): readonly InstanceGroup[] =>
  Array.isArray(value) ? value.filter(isJsonObject).map(toInstanceGroup) : [];

const toInstanceGroup = (group: JsonObject): InstanceGroup => ({
  name: toName(group["instance_group_name"], "instance_group_name"),
  instanceType: toName(group["instance_type"], "instance_type"),
  hosts: toNames(group["hosts"], "hosts").toSorted(compareNaturally),
});

const toNames = (value: unknown, key: string): readonly string[] => {
  if (Array.isArray(value) && value.length > 0) return value.map((name) => toName(name, key));
  throw clusterError(`"${key}" must be a list of host names, found ${describe(value)}`);
};

const toName = (value: unknown, key: string): string => {
  if (typeof value === "string" && value !== "") return value;
  throw clusterError(`"${key}" must be a name, found ${describe(value)}`);
};

const toOptionalName = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

const describe = (value: unknown): string =>
  value === undefined ? "nothing" : quote(JSON.stringify(value));

const clusterError = (problem: string): InputError =>
  new InputError("CLUSTER", problem, { file: "resourceconfig.json" });
