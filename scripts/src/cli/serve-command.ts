import { createServer } from "node:net";
import { once } from "node:events";
import { type Command, Option } from "commander";
import { type Container, loadContainer } from "../container.ts";
import { showPath } from "../repository.ts";
import { waitWithSignals } from "../runner/stop-on-signals.ts";
import { type LocalServer, startServing } from "../serve-locally.ts";
import { chooseRunner } from "./choose-runner.ts";
import { CommandError } from "./command-error.ts";
import { parsePort } from "./options.ts";
import { bold, say } from "./terminal.ts";

/** Where containers listen, on SageMaker and here. */
export const DEFAULT_PORT = 8080;

interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly image?: string;
}

/** Adds `byoc serve`. */
export const defineServe = (program: Command, setExitCode: (code: number) => void): void => {
  program
    .command("serve")
    .description("serve the model that `byoc train` left, on this machine")
    .argument("<container>", "a folder of containers/, such as decision-tree")
    .option("--port <port>", "the port to listen on; 0 for a free one", parsePort, DEFAULT_PORT)
    .option("--host <address>", "the address to listen on; 0.0.0.0 for every one", "127.0.0.1")
    .addOption(new Option("--image <name>").hideHelp())
    .addHelpText("after", "\nCtrl-C stops it: requests that have begun are answered first.\n")
    .action(async (name: string, { host, port, image }: ServeOptions) => {
      const container = await loadContainer(name);
      const runner = chooseRunner(image);
      await checkPort(port, host);
      const { running, ready } = await startServing({
        container,
        host,
        port,
        runner,
        onLine: say,
      });
      const announced = announce(container, ready);
      const { exitCode } = await waitWithSignals(running);
      await announced;
      setExitCode(exitCode);
    });
};

/** Says how to ask the server, once it can predict. */
const announce = async (container: Container, ready: Promise<LocalServer>): Promise<void> => {
  // A container that ends before, or cannot load its model, has said why itself.
  const server = await ready.catch(() => undefined);
  if (server === undefined) return;
  const payload = container.payload === undefined ? "<file>" : showPath(container.payload);
  const port = Number(new URL(server.url).port);
  const option = port === DEFAULT_PORT ? "" : ` --port ${port}`;
  say(bold(`\nTry, in another terminal: ./scripts/byoc predict ${payload}${option}`));
  say("Ctrl-C stops the server.\n");
};

/** Says that a port is taken before the container does it in its own, longer way. */
const checkPort = async (port: number, host: string): Promise<void> => {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const said =
      code === "EADDRINUSE"
        ? `port ${port} is taken by another program; choose another one (--port 8081), or a free one (--port 0)`
        : `cannot listen on ${host}, port ${port}: ${message}`;
    throw new CommandError(said, { cause: error });
  } finally {
    server.close();
  }
};
