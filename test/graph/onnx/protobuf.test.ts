import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encode, message } from "../../../src/graph/onnx/protobuf.ts";
import { readMessage } from "./read.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

describe("protobuf", () => {
  // Closed forms: a tag is field · 8 + wire type; a varint has seven bits a byte, the lowest first.
  it.each([
    [1, 0, "0800"],
    [1, 1, "0801"],
    [1, 127, "087f"],
    [1, 128, "088001"],
    [1, 300, "08ac02"],
    [1, 2 ** 31, "088080808008"],
    [1, 2 ** 53 - 1, "08ffffffffffffff0f"],
    [1, -1, "08ffffffffffffffffff01"],
    [1, -300, "08d4fdffffffffffffff01"],
    [1, -(2 ** 53 - 1), "0881808080808080f0ff01"],
    [15, 5, "7805"],
    [16, 5, "800105"],
    [2047, 5, "f87f05"],
    [2048, 5, "80800105"],
  ])("writes field %i with integer %i", (field, value, bytes) =>
    expect(hex(encode(message().integer(field, value)))).toBe(bytes),
  );

  it.each([
    ["a float", message().float(2, 1.5), "150000c03f"],
    ["a negative float", message().float(2, -0.1), "15cdccccbd"],
    ["an empty message", message(), ""],
    ["an empty text", message().text(3, ""), "1a00"],
    ["text in UTF-8", message().text(3, "çizgi"), "1a06c3a7697a6769"],
    ["bytes", message().bytes(9, Uint8Array.of(0, 255)), "4a0200ff"],
    ["a message within", message().message(7, message().integer(1, 150)), "3a03089601"],
    ["an empty message within", message().message(7, message()), "3a00"],
    ["repeated fields in order", message().integer(1, 2).integer(1, 1), "08020801"],
  ])("writes %s", (_, written, bytes) => {
    expect(hex(encode(written))).toBe(bytes);
    expect(written.length).toBe(bytes.length / 2);
  });

  it("writes the length of long fields", () => {
    const bytes = encode(message().bytes(1, new Uint8Array(300)));
    expect(hex(bytes.subarray(0, 3))).toBe("0aac02");
    expect(bytes.length).toBe(303);
  });

  it("refuses numbers that are not integers", () => {
    expect(() => message().integer(1, 1.5)).toThrow(RangeError);
  });

  it("is read back as it was written", () => {
    const field = fc.integer({ min: 1, max: 5000 });
    const written = fc.oneof(
      fc.record({ field, integer: fc.maxSafeInteger() }),
      fc.record({ field, float: fc.float({ noNaN: true }) }),
      fc.record({ field, bytes: fc.uint8Array({ maxLength: 300 }) }),
    );
    fc.assert(
      fc.property(fc.array(written), (fields) => {
        const inner = message();
        const expected = new Map<number, unknown[]>();
        for (const entry of fields) {
          const values = expected.get(entry.field) ?? [];
          expected.set(entry.field, values);
          if ("integer" in entry) {
            inner.integer(entry.field, entry.integer);
            values.push(BigInt(entry.integer));
          } else if ("float" in entry) {
            inner.float(entry.field, entry.float);
            values.push(entry.float);
          } else {
            inner.bytes(entry.field, entry.bytes);
            values.push(entry.bytes);
          }
        }
        const [body] = readMessage(encode(message().message(3, inner))).get(3) ?? [];
        expect(readMessage(body instanceof Uint8Array ? body : new Uint8Array())).toEqual(expected);
      }),
    );
  });
});
