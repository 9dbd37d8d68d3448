/**
 * The ceiling: bare node:http with cluster, which reads the whole body and answers a constant.
 *
 *     node node-http.ts <port> <workers>
 */
import cluster from "node:cluster";
import { createServer } from "node:http";

const [port, workers] = process.argv.slice(2);

if (cluster.isPrimary) {
  for (let index = 0; index < Number(workers); index += 1) cluster.fork();
  process.on("SIGTERM", () => process.exit(0));
} else {
  createServer((request, response) => {
    request.on("data", () => {});
    request.on("end", () => {
      response.writeHead(200, { "content-type": "text/csv", "content-length": 3 });
      response.end("ok\n");
    });
  }).listen(Number(port), "127.0.0.1");
}
