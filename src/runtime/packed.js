// Arrays on their way from thread to thread. Deno looks at each element of a typed array that it sends, seconds for a
// network's weights, but not into a DataView; Node and Bun do not mind.

/** @typedef {{ readonly type: "float32" | "int64", readonly view: DataView }} Packed */

/** @param {import("./session.ts").Feeds} arrays @returns {Record<string, Packed>} */
export const pack = (arrays) =>
  Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => {
      const view = new DataView(array.buffer, array.byteOffset, array.byteLength);
      return [name, { type: array instanceof Float32Array ? "float32" : "int64", view }];
    }),
  );

/** @param {Readonly<Record<string, Packed>>} packed */
export const unpack = (packed) =>
  Object.fromEntries(
    Object.entries(packed).map(
      ([
        name,
        {
          type,
          view: { buffer, byteOffset, byteLength },
        },
      ]) => [
        name,
        type === "float32"
          ? new Float32Array(buffer, byteOffset, byteLength / 4)
          : new BigInt64Array(buffer, byteOffset, byteLength / 8),
      ],
    ),
  );
