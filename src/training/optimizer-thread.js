// A thread of optimizer.ts: works on its part of the vectors, which lie in shared memory.

import { parentPort, workerData } from "node:worker_threads";
import { adamWStep, addUp } from "./adamw.js";

const port = parentPort;
if (port === null) throw new Error("optimizer-thread.js runs as a worker thread only");

/** @type {import("./optimizer.ts").ThreadSetup} */
const { state, gradients, from, to } = workerData;

port.on("message", (/** @type {import("./optimizer.ts").ThreadTask} */ task) => {
  if (task === "addUp") port.postMessage(addUp(gradients, from, to));
  else {
    adamWStep(state, gradients[0], task.step, task.options, from, to);
    port.postMessage(0);
  }
});
