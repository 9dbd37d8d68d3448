import type { AddressInfo, Server } from "node:net";
import { InputError } from "@byoc/errors";

/**
 * Binds a server to a port, and gives its address: `http://127.0.0.1:43121`.
 *
 * @throws {InputError} `LISTEN_FAILED` when the port cannot be bound.
 */
export const listen = async (server: Server, host: string, port: number): Promise<string> => {
  await new Promise<void>((resolve, reject) => {
    const onError = (cause: Error): void =>
      reject(
        new InputError("LISTEN_FAILED", `cannot listen on ${host}:${port}: ${cause.message}`, {
          cause,
        }),
      );
    server.once("error", onError);
    server.listen(port, host, () => {
      server.off("error", onError);
      resolve();
    });
  });
  const { address, family, port: bound } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${bound}`;
};
