// A worker thread of parallel.ts.

import { parentPort, workerData } from "node:worker_threads";
import { unpack } from "./packed.js";
import { openShare } from "./share.js";

const port = parentPort;
if (port === null) throw new Error("worker.js runs as a worker thread only");

/** @type {import("./parallel.ts").ThreadSetup} */
const setup = workerData;
const results = /** @type {Record<string, Float32Array>} */ (unpack(setup.results));
const share = await openShare(setup);

port.on("message", async (/** @type {import("./parallel.ts").ThreadTask} */ task) => {
  if (task === "close") await share.close();
  else await share.run(unpack(task), results);
  port.postMessage("done");
});
port.postMessage("ready");
