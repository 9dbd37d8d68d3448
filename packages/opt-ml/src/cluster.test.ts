import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { type Cluster, readCluster } from "./cluster.ts";
import { createTree, type Tree } from "./testing/index.ts";

const trees: Tree[] = [];

afterEach(async () => {
  await Promise.all(trees.splice(0).map((tree) => tree.close()));
});

const makeTree = async (resourceConfig: unknown): Promise<Tree> => {
  const tree = await createTree({ configFiles: { "resourceconfig.json": resourceConfig } });
  trees.push(tree);
  return tree;
};

const read = async (resourceConfig: unknown): Promise<Cluster> =>
  readCluster((await makeTree(resourceConfig)).paths);

const fail = async (resourceConfig: unknown): Promise<string> => {
  const error: unknown = await read(resourceConfig).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const { name, code, message } = error as { name: string; code: string; message: string };
  expect(name).toBe("InputError");
  return `${code} ${message}`;
};

const single = {
  rank: 0,
  worldSize: 1,
  hosts: ["algo-1"],
  currentHost: "algo-1",
  leader: "algo-1",
  isLeader: true,
  networkInterface: "eth0",
  instanceType: undefined,
  instanceGroup: undefined,
  instanceGroups: [],
};

test.each(["", "  \n", "\uFEFF", "{}", "\uFEFF{}"])(
  "a file that says nothing (%j) means one host",
  async (text) => {
    expect(await read(text)).toEqual(single);
  },
);

test("no file, and no folder of configuration, means one host", async () => {
  const { paths } = await makeTree("");
  expect(readCluster({ ...paths, inputConfigDir: path.join(paths.baseDir, "nowhere") })).toEqual(
    single,
  );
});

test("the empty resourceConfig.json of the AWS sample means one host", async () => {
  const { paths } = await makeTree("");
  const inputConfigDir = path.join(paths.baseDir, "sample");
  mkdirSync(inputConfigDir);
  writeFileSync(path.join(inputConfigDir, "resourceConfig.json"), "");
  expect(readCluster({ ...paths, inputConfigDir })).toEqual(single);
});

test("the old form tells the hosts only", async () => {
  const config = {
    current_host: "algo-2",
    hosts: ["algo-1", "algo-10", "algo-2"],
    network_interface_name: "ethwe",
  };
  expect(await read(config)).toEqual({
    ...single,
    rank: 1,
    worldSize: 3,
    hosts: ["algo-1", "algo-2", "algo-10"],
    currentHost: "algo-2",
    isLeader: false,
    networkInterface: "ethwe",
  });
});

test("the new form tells instance type and groups; a file may begin with a BOM and hold more", async () => {
  const config = {
    current_host: "algo-2",
    current_instance_type: "ml.g5.xlarge",
    current_group_name: "gpu",
    hosts: ["algo-1", "algo-2"],
    instance_groups: [
      { instance_group_name: "cpu", instance_type: "ml.m5.large", hosts: ["algo-1"] },
      { instance_group_name: "gpu", instance_type: "ml.g5.xlarge", hosts: ["algo-2"], more: 1 },
    ],
    network_interface_name: "eth0",
    topology: { any: "thing" },
  };
  expect(await read(`\uFEFF${JSON.stringify(config)}`)).toMatchObject({
    rank: 1,
    instanceType: "ml.g5.xlarge",
    instanceGroup: "gpu",
    instanceGroups: [
      { name: "cpu", instanceType: "ml.m5.large", hosts: ["algo-1"] },
      { name: "gpu", instanceType: "ml.g5.xlarge", hosts: ["algo-2"] },
    ],
  });
});

test("names of local mode and hosts that are listed twice are understood", async () => {
  const hosts = ["algo-10-x1y2z", "algo-2-ab1cd", "algo-2-ab1cd"];
  expect(await read({ current_host: "algo-10-x1y2z", hosts })).toMatchObject({
    rank: 1,
    worldSize: 2,
    leader: "algo-2-ab1cd",
  });
});

test("every host sees the same hosts and another rank", async () => {
  const hosts = ["algo-1", "algo-10", "algo-11", "algo-2", "algo-3"];
  const clusters = await Promise.all(hosts.map((host) => read({ current_host: host, hosts })));
  expect(clusters.map(({ rank }) => rank)).toEqual([0, 3, 4, 1, 2]);
  expect(new Set(clusters.map((cluster) => cluster.hosts.join(" "))).size).toBe(1);
  expect(clusters.filter(({ isLeader }) => isLeader)).toHaveLength(1);
});

test.each([
  [
    { current_host: "algo-3", hosts: ["algo-1", "algo-2"] },
    '"algo-3", but the hosts are algo-1 or',
  ],
  [{ current_host: "algo-1", hosts: [] }, '"hosts" must be a list of host names, found "[]"'],
  [{ current_host: "algo-1" }, '"hosts" must be a list of host names, found nothing'],
  [{ current_host: "algo-1", hosts: "algo-1" }, '"hosts" must be a list of host names'],
  [{ current_host: "algo-1", hosts: ["algo-1", 2] }, '"hosts" must be a name, found "2"'],
  [{ current_host: null, hosts: ["algo-1"] }, '"current_host" must be a name, found "null"'],
  [{ hosts: ["algo-1"] }, '"current_host" must be a name, found nothing'],
  [
    { current_host: "a", hosts: ["a"], instance_groups: [{ hosts: ["a"] }] },
    '"instance_group_name" must be a name',
  ],
])("wrong: %j", async (config, problem) => {
  const message = await fail(config);
  expect(message).toMatch(/^CLUSTER resourceconfig\.json: /u);
  expect(message).toContain(problem);
});

test.each(["[]", '"algo-1"', "null", "12"])("no object: %s", async (text) => {
  expect(await fail(text)).toMatch(
    /^CONFIG_FILE resourceconfig\.json: expected a JSON object, found/u,
  );
});

test("a damaged file is told with how it begins", async () => {
  expect(await fail('{"current_host": "algo-1", ')).toMatch(
    /^CONFIG_FILE resourceconfig\.json: this is not JSON: .*begins with "\{\\"current_host/u,
  );
});

test("the first engine that knows the cluster answers", async () => {
  const { paths } = await makeTree("");
  const silent = () => undefined;
  const cluster = readCluster(paths, [
    silent,
    () => ({ currentHost: "pod-1", hosts: ["pod-0", "pod-1"] }),
  ]);
  expect(cluster).toMatchObject({ rank: 1, leader: "pod-0" });
});
