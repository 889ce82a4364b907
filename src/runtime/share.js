// One worker's share of a parallel program, computed in the thread that opens it: a worker's or, where workers cannot be
// started, the caller's. In JavaScript, so that Node starts it as it is, from the sources as from a build; its types are
// checked like everything else's.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { InferenceSession, Tensor } from "onnxruntime-node";

/** Bytes of outputs whose garbage is worth collecting at once. */
const LARGE = 2 ** 24;

/** The flag that exposes V8's collector is one of the process: another thread may take it back before it is of use here. */
const TURNS = 100;

/**
 * @typedef {object} ShareSetup
 * @property {SharedArrayBuffer} model an ONNX model
 * @property {import("./session.ts").SessionOptions} options
 *
 * @typedef {Readonly<Record<string, Float32Array>>} Results where each output goes
 *
 * @typedef {object} Share
 * @property {(feeds: import("./session.ts").Feeds, results: Results) => Promise<void>} run leaves the outputs in `results`
 * @property {() => Promise<void>} close
 */

/** @template T @param {string} name @param {Readonly<Record<string, T>>} values @returns {T} */
function called(name, values) {
  const value = values[name];
  if (value === undefined) throw new RangeError(`expected values of "${name}", found ${Object.keys(values)}`);
  return value;
}

/** @param {ShareSetup} setup @returns {Promise<Share>} */
export async function openShare({ model, options }) {
  // ONNX Runtime does not take shared memory.
  const session = await InferenceSession.create(new Uint8Array(model).slice(), options);
  const inputs = session.inputMetadata.filter((value) => value.isTensor);
  /** @type {(() => void) | undefined} */
  let collectGarbage;

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
    async run(feeds, results) {
      const tensors = inputs.map(({ name, type, shape }) => [
        name,
        new Tensor(type, own(name, called(name, feeds)), shape.map(Number)),
      ]);
      const computed = await session.run(Object.fromEntries(tensors));
      for (const [name, result] of Object.entries(results))
        result.set(/** @type {Float32Array} */ (called(name, computed).data));
      const bytes = Object.values(results).reduce((sum, { byteLength }) => sum + byteLength, 0);
      if (bytes <= LARGE) return;
      collectGarbage ??= garbageCollector();
      setImmediate(collectGarbage);
    },
    async close() {
      if (options.enableProfiling) session.endProfiling();
      await session.release();
    },
  };
}

/**
 * ONNX Runtime gives every output as a new array. Those of a large network would fill the memory several times over
 * before V8 collects them by itself; for a small one it would take longer than it is worth. Does nothing in other engines.
 * @returns {() => void}
 */
function garbageCollector() {
  for (let turn = 0; turn < TURNS; turn++) {
    const collect = runInNewContext("globalThis.gc");
    if (collect !== undefined) return collect;
    setFlagsFromString("--expose-gc");
    const exposed = runInNewContext("globalThis.gc");
    setFlagsFromString("--no-expose-gc");
    if (exposed !== undefined) return exposed;
  }
  return () => {};
}
