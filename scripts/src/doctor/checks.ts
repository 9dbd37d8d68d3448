import { checkAwsCredentials } from "./aws.ts";
import { checkDocker } from "./docker.ts";
import type { Finding } from "./finding.ts";
import { checkDisk, checkMemory, checkPort, checkProcessors } from "./machine.ts";
import { checkMachineNode, checkNpm, checkRunningNode, checkSetup } from "./tools.ts";

/** Everything that `byoc doctor` looks at, in the order in which it is shown. */
export const runChecks = (): Promise<Finding[]> =>
  Promise.all([
    checkRunningNode(),
    checkMachineNode(),
    checkNpm(),
    checkSetup(),
    checkDisk(),
    checkMemory(),
    checkProcessors(),
    checkPort(8080),
    checkDocker(),
    checkAwsCredentials(),
  ]);
