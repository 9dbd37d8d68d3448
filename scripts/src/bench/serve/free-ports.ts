import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";

/** Three ports of 127.0.0.1 that nobody listens on now. */
export const findFreePorts = async (): Promise<[number, number, number]> => {
  const servers = [createServer(), createServer(), createServer()] as const;
  for (const server of servers) {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  }
  const [first, second, third] = servers.map((server) => {
    const { port } = server.address() as AddressInfo;
    server.close();
    return port;
  });
  return [first ?? 0, second ?? 0, third ?? 0];
};
