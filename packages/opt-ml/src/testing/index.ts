export { runContainer, startContainer } from "./container-process.ts";
export type { ContainerProcess, ContainerResult, StartOptions } from "./container-process.ts";
export { feedPipes } from "./pipe-feeder.ts";
export type { PipeFeeder, PipeFeederOptions } from "./pipe-feeder.ts";
export { createTree } from "./tree.ts";
export type { ChannelContent, Tree, TreeCluster, TreeOptions } from "./tree.ts";
