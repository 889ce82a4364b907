// A worker thread of parallel.ts: runs the model on what it is sent. In JavaScript, so that Node starts it as it is, from
// the sources as from a build; its types are checked like everything else's.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { parentPort, workerData } from "node:worker_threads";
import { InferenceSession, Tensor } from "onnxruntime-node";

const port = parentPort;
if (port === null) throw new Error("worker.js runs as a worker thread only");

/** @type {import("./parallel.ts").WorkerSetup} */
const { model, options, results } = workerData;
const session = await InferenceSession.create(model, options);
const inputs = session.inputMetadata.filter((value) => value.isTensor);

/** ONNX Runtime does not take shared memory: what lies there is copied, each input into the same place every time. */
const copies = new Map();

/** @param {string} name @param {Float32Array | BigInt64Array} data */
function own(name, data) {
  if (!(data.buffer instanceof SharedArrayBuffer)) return data;
  const copy = copies.get(name) ?? data.slice();
  copies.set(name, copy);
  copy.set(data);
  return copy;
}

// ONNX Runtime gives every output as a new array. Those of a large network would fill the memory several times over before
// they are collected, so that is done at once; for a small one it would take longer than it is worth.
setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc");
const LARGE = 2 ** 24;
const resultBytes = Object.values(results).reduce((sum, { byteLength }) => sum + byteLength, 0);

/** @param {import("./session.ts").Feeds} feeds */
async function compute(feeds) {
  const tensors = inputs.map(({ name, type, shape }) => [
    name,
    new Tensor(type, own(name, feeds[name]), shape.map(Number)),
  ]);
  const computed = await session.run(Object.fromEntries(tensors));
  for (const [name, result] of Object.entries(results))
    result.set(/** @type {Float32Array} */ (computed[name].data));
}

port.on("message", async (feeds) => {
  if (feeds === undefined) {
    if (options.enableProfiling) session.endProfiling();
    await session.release();
    port.close();
  } else {
    await compute(feeds);
    port.postMessage("done");
    if (resultBytes > LARGE) collectGarbage();
  }
});
port.postMessage("ready");
