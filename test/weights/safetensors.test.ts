import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UserError } from "../../src/base/errors.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type StoredTensor,
  toFloat32,
} from "../../src/weights/safetensors.ts";

/** A file from its parts, so that a test can break one of them. */
function fileOf(header: unknown, data: Uint8Array = new Uint8Array(0), length?: bigint): Uint8Array {
  const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}
const floats = (begin: number, end: number, shape = [(end - begin) / 4]) => ({
  dtype: "F32",
  shape,
  data_offsets: [begin, end],
});

const shapes = fc.array(fc.nat(4), { maxLength: 3 });
const tensor: fc.Arbitrary<StoredTensor> = shapes.chain((shape) => {
  const size = shape.reduce((product, n) => product * n, 1);
  const length = { minLength: size, maxLength: size };
  return fc.oneof(
    fc.float64Array(length).map((data): StoredTensor => ({ dtype: "F64", shape, data })),
    fc.float32Array(length).map((data): StoredTensor => ({ dtype: "F32", shape, data })),
    fc.uint16Array(length).map((data): StoredTensor => ({ dtype: "F16", shape, data })),
    fc.bigInt64Array(length).map((data): StoredTensor => ({ dtype: "I64", shape, data })),
    fc.int32Array(length).map((data): StoredTensor => ({ dtype: "I32", shape, data })),
    fc.uint8Array(length).map((data): StoredTensor => ({ dtype: "U8", shape, data })),
  );
});
const anyText = fc.string({ unit: "binary" });
const files = fc.record({
  tensors: fc.uniqueArray(fc.tuple(anyText, tensor), { selector: ([name]) => name, maxLength: 6 }),
  metadata: fc.dictionary(anyText, anyText, { maxKeys: 4, noNullPrototype: true }),
});

describe("safetensors", () => {
  it("reads back what it wrote, wherever the bytes lie in memory", () => {
    fc.assert(
      fc.property(files, fc.nat(9), ({ tensors, metadata }, shift) => {
        const encoded = encodeSafetensors(tensors, metadata);
        const moved = new Uint8Array(encoded.length + shift).subarray(shift);
        moved.set(encoded);
        const decoded = decodeSafetensors(moved, "a.safetensors");
        expect(new Map([...decoded.tensors].sort())).toStrictEqual(new Map([...tensors].sort()));
        expect(decoded.metadata).toStrictEqual(metadata);
      }),
      { numRuns: 200 },
    );
  });

  it("gives the same bytes whatever the order of tensors and metadata", () => {
    fc.assert(
      fc.property(files, ({ tensors, metadata }) => {
        const turned = Object.fromEntries(Object.entries(metadata).reverse());
        expect(encodeSafetensors([...tensors].reverse(), turned)).toEqual(
          encodeSafetensors(tensors, metadata),
        );
      }),
      { numRuns: 50 },
    );
  });

  it("aligns its header and every tensor, so that reading copies nothing", () => {
    fc.assert(
      fc.property(files, ({ tensors, metadata }) => {
        const encoded = encodeSafetensors(tensors, metadata);
        expect(new DataView(encoded.buffer).getBigUint64(0, true) % 8n).toBe(0n);
        for (const { data } of decodeSafetensors(encoded, "a").tensors.values())
          expect(data.buffer).toBe(encoded.buffer);
      }),
      { numRuns: 50 },
    );
  });

  it("writes the layout of the format's description", () => {
    const bytes = encodeSafetensors([["w", { dtype: "F32", shape: [1, 2], data: Float32Array.of(1, -2) }]], {
      format: "pt",
    });
    const header =
      '{"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}'.padEnd(88);
    expect(new TextDecoder().decode(bytes.subarray(0, 96))).toBe(`X\0\0\0\0\0\0\0${header}`);
    expect([...bytes.subarray(96)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
  });

  it("decodes half precision", () => {
    const bits = [0x3c00, 0xc000, 0x7bff, 0x0001, 0x8000, 0x7c00, 0xfc00, 0x3555];
    const half: StoredTensor = { dtype: "F16", shape: [8], data: Uint16Array.from(bits) };
    expect([...toFloat32(half)]).toEqual([1, -2, 65504, 2 ** -24, -0, Infinity, -Infinity, 0.333251953125]);
    expect([...toFloat32({ dtype: "F16", shape: [1], data: Uint16Array.of(0x7e00) })]).toEqual([Number.NaN]);
  });

  it("gives any numbers as float32, and float32 without a copy", () => {
    const data = Float32Array.of(1.5);
    expect(toFloat32({ dtype: "F32", shape: [1], data })).toBe(data);
    expect([...toFloat32({ dtype: "I64", shape: [2], data: BigInt64Array.of(-3n, 7n) })]).toEqual([-3, 7]);
    expect([...toFloat32({ dtype: "F64", shape: [], data: Float64Array.of(0.1) })]).toEqual([
      Math.fround(0.1),
    ]);
  });

  it("refuses to write what could not be read", () => {
    const w: StoredTensor = { dtype: "U8", shape: [2], data: new Uint8Array(3) };
    expect(() => encodeSafetensors([["w", w]])).toThrow('"w" of shape [2] has 3 elements');
    const fine: StoredTensor = { dtype: "U8", shape: [3], data: new Uint8Array(3) };
    expect(() =>
      encodeSafetensors([
        ["w", fine],
        ["w", fine],
      ]),
    ).toThrow("twice");
    expect(() => encodeSafetensors([["__metadata__", fine]])).toThrow("reserved");
  });

  const four = new Uint8Array(4);
  const eight = new Uint8Array(8);
  const malformed: [string, Uint8Array, string][] = [
    ["an empty file", new Uint8Array(0), "expected at least 8 bytes, found 0"],
    [
      "a header length of 2^60",
      fileOf({}, eight, 2n ** 60n),
      "1152921504606846976 bytes, but the whole file",
    ],
    ["a header that is not JSON", fileOf("{'a': 1}"), "header is not JSON"],
    ["a header that is not UTF-8", fileOf({}, Uint8Array.of(0xff), 3n), "header is not JSON"],
    ["a header that is no object", fileOf([]), "should be a JSON object, found []"],
    ["an unknown dtype", fileOf({ w: { ...floats(0, 4), dtype: "BF16" } }, four), '"w" has dtype "BF16"'],
    ["an inherited dtype", fileOf({ w: { ...floats(0, 4), dtype: "toString" } }, four), '"toString"'],
    ["a missing shape", fileOf({ w: { dtype: "F32", data_offsets: [0, 4] } }, four), "has shape nothing"],
    ["a negative size", fileOf({ w: floats(0, 4, [-1, -1]) }, four), "has shape [-1,-1]"],
    ["a fractional size", fileOf({ w: floats(0, 4, [1.5]) }, four), "has shape [1.5]"],
    [
      "a shape of other bytes",
      fileOf({ w: floats(0, 4, [2]) }, four),
      "F32 [2] needs 8 bytes, its range has 4",
    ],
    ["sizes whose product overflows", fileOf({ w: floats(0, 4, [2 ** 52, 2 ** 52]) }, four), "needs"],
    ["offsets outside the file", fileOf({ w: floats(0, 8) }, four), "ends after the file's 4 bytes of data"],
    ["offsets turned round", fileOf({ w: floats(4, 0, [1]) }, four), "expected [begin, end]"],
    [
      "overlapping tensors",
      fileOf({ a: floats(0, 8), b: floats(4, 8) }, eight),
      '"b" (bytes 4 to 8) overlaps',
    ],
    ["a hole", fileOf({ a: floats(4, 8) }, eight), "4 unused bytes between the header"],
    ["bytes left over", fileOf({ a: floats(0, 4) }, eight), '4 unused bytes after tensor "a"'],
    [
      "a name given twice",
      fileOf(`{"a":${JSON.stringify(floats(0, 4))}, "\\u0061" : ${JSON.stringify(floats(0, 4))}}`, four),
      'names "a" twice',
    ],
    [
      "metadata that is no text",
      fileOf({ __metadata__: { n: 1 } }),
      "__metadata__.n should be a string, found 1",
    ],
    ["metadata that is no object", fileOf({ __metadata__: null }), "object of strings, found null"],
    ["a tensor that is no object", fileOf({ w: 3 }), '"w" should be an object, found 3'],
  ];
  it.each(malformed)("refuses %s", (_, bytes, problem) => {
    const decode = () => decodeSafetensors(bytes, "run/model.safetensors");
    expect(decode).toThrow(UserError);
    expect(decode).toThrow("run/model.safetensors: not a usable safetensors file: ");
    expect(decode).toThrow(problem);
  });

  it("meets every truncation with a UserError", () => {
    const whole = encodeSafetensors(
      [
        ["a", { dtype: "F32", shape: [2], data: new Float32Array(2) }],
        ["b", { dtype: "U8", shape: [3], data: new Uint8Array(3) }],
      ],
      { step: "3" },
    );
    for (let length = 0; length < whole.length; length++)
      expect(() => decodeSafetensors(whole.subarray(0, length), "cut")).toThrow(UserError);
  });

  it("meets damage with a UserError or a well-formed result, never anything else", () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(files, damage, ({ tensors, metadata }, changes) => {
        const bytes = encodeSafetensors(tensors, metadata);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        try {
          for (const { shape, data } of decodeSafetensors(bytes, "damaged").tensors.values())
            expect(shape.reduce((product, n) => product * n, 1)).toBe(data.length);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

const golden = new URL("../../../shared/golden/unet1d_base16.safetensors", import.meta.url);
if (!existsSync(golden))
  console.warn("skipped: a file written by the reference library (../shared/golden is missing)");
describe.skipIf(!existsSync(golden))("a file written by the reference library", () => {
  it("is read whole", () => {
    const { tensors, metadata } = decodeSafetensors(readFileSync(golden), "unet1d_base16.safetensors");
    expect(metadata.base_channels).toBe("16");
    expect(tensors.get("param.class_emb.weight")?.shape).toEqual([4, 32]);
    const again = decodeSafetensors(encodeSafetensors(tensors, metadata), "again");
    expect(again.metadata).toEqual(metadata);
    expect([...again.tensors.keys()].sort()).toEqual([...tensors.keys()].sort());
    const bytesOf = (data: ArrayBufferView | undefined) =>
      data && Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    for (const [name, { data }] of tensors)
      expect(bytesOf(data)?.equals(bytesOf(again.tensors.get(name)?.data) ?? Buffer.of())).toBe(true);
  });
});
