// One worker's share of a parallel program, computed in the thread that opens it: a worker's or, where workers cannot be
// started, the caller's. In JavaScript, so that Node starts it as it is, from the sources as from a build; its types are
// checked like everything else's.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { InferenceSession, Tensor } from "onnxruntime-node";

/** Bytes of outputs whose garbage is worth collecting at once. */
const LARGE = 2 ** 24;

/**
 * @typedef {object} ShareSetup
 * @property {SharedArrayBuffer} model an ONNX model
 * @property {import("./session.ts").SessionOptions} options
 * @property {Readonly<Record<string, Float32Array>>} results where each output goes
 *
 * @typedef {object} Share
 * @property {(feeds: import("./session.ts").Feeds) => Promise<void>} run leaves the outputs in `results`
 * @property {() => Promise<void>} close
 */

/** @param {ShareSetup} setup @returns {Promise<Share>} */
export async function openShare({ model, options, results }) {
  // ONNX Runtime does not take shared memory.
  const session = await InferenceSession.create(new Uint8Array(model).slice(), options);
  const inputs = session.inputMetadata.filter((value) => value.isTensor);
  const resultBytes = Object.values(results).reduce((sum, { byteLength }) => sum + byteLength, 0);
  const collectGarbage = resultBytes > LARGE ? garbageCollector() : undefined;

  /** What lies in shared memory is copied, each input into the same place every time. */
  const copies = new Map();

  /** @param {string} name @param {Float32Array | BigInt64Array} data */
  function own(name, data) {
    if (!(data.buffer instanceof SharedArrayBuffer)) return data;
    const copy = copies.get(name) ?? data.slice();
    copies.set(name, copy);
    copy.set(data);
    return copy;
  }

  return {
    async run(feeds) {
      const tensors = inputs.map(({ name, type, shape }) => [
        name,
        new Tensor(type, own(name, feeds[name]), shape.map(Number)),
      ]);
      const computed = await session.run(Object.fromEntries(tensors));
      for (const [name, result] of Object.entries(results))
        result.set(/** @type {Float32Array} */ (computed[name].data));
      if (collectGarbage !== undefined) setImmediate(collectGarbage);
    },
    async close() {
      if (options.enableProfiling) session.endProfiling();
      await session.release();
    },
  };
}

/**
 * ONNX Runtime gives every output as a new array. Those of a large network would fill the memory several times over
 * before V8 collects them by itself; for a small one it would take longer than it is worth. Absent in other engines.
 * @returns {(() => void) | undefined}
 */
function garbageCollector() {
  setFlagsFromString("--expose-gc");
  return runInNewContext("globalThis.gc");
}
