// Runs while the image is built: trains, serves and asks once, so that Node.js has everything compiled in its cache.
// `node warm-up.mjs <main.ts>`, with SAGEMAKER_BASE_DIR set to a tree that has training data.
import { spawn } from "node:child_process";
import { once } from "node:events";

const [, , main] = process.argv;
const address = "http://127.0.0.1:8080";

const run = (command) => spawn(process.execPath, [main, command], { stdio: "inherit" });

const expectSuccess = async (child, what) => {
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`${what} ended with exit code ${code}`);
};

await expectSuccess(run("train"), "train");

const server = run("serve");
let isReady = false;
while (!isReady && server.exitCode === null) {
  const ping = await fetch(`${address}/ping`).catch(() => undefined);
  isReady = ping?.ok === true;
  if (!isReady) await new Promise((resolve) => setTimeout(resolve, 50));
}
for (const accept of ["text/csv", "application/json"]) {
  const headers = { "content-type": "text/csv", accept };
  const answer = await fetch(`${address}/invocations`, { method: "POST", headers, body: "1\n" });
  if (!answer.ok) throw new Error(`/invocations answered ${answer.status}: ${await answer.text()}`);
}
server.kill("SIGTERM");
await expectSuccess(server, "serve");
