// A worker thread of parallel.ts: runs the model on what it is sent. In JavaScript, so that Node starts it as it is, from
// the sources as from a build; its types are checked like everything else's.

import { parentPort, workerData } from "node:worker_threads";
import { InferenceSession, Tensor } from "onnxruntime-node";

const port = parentPort;
if (port === null) throw new Error("worker.js runs as a worker thread only");

/** @type {import("./parallel.ts").WorkerSetup} */
const { model, options, common, outputs } = workerData;
const session = await InferenceSession.create(model, options);
const types = new Map(
  session.inputMetadata.flatMap((value) => (value.isTensor ? [[value.name, value]] : [])),
);

/** @param {import("./program.ts").Feeds} feeds */
const toTensors = (feeds) =>
  Object.fromEntries(
    Object.entries(feeds).flatMap(([name, data]) => {
      const value = types.get(name);
      return value === undefined ? [] : [[name, new Tensor(value.type, data, value.shape.map(Number))]];
    }),
  );

// ONNX Runtime does not take shared memory.
const own = Object.fromEntries(Object.entries(common).map(([name, values]) => [name, values.slice()]));

/** @param {import("./program.ts").Feeds} share */
async function compute(share) {
  for (const [name, values] of Object.entries(common)) own[name].set(values);
  const results = await session.run(toTensors({ ...own, ...share }));
  for (const [name, values] of Object.entries(outputs))
    values.set(/** @type {Float32Array} */ (results[name].data));
}

port.on("message", async (share) => {
  if (share === undefined) {
    if (options.enableProfiling) session.endProfiling();
    await session.release();
    port.close();
  } else {
    await compute(share);
    port.postMessage("done");
  }
});
port.postMessage("ready");
