import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { UserError } from "../../../src/base/errors.ts";
import { readFileBytes } from "../../../src/data/read/file.ts";
import { columnsOf } from "../../../src/data/read/npy.ts";
import { readNpz } from "../../../src/data/read/npz.ts";
import { isArray, unpickleArray } from "../../../src/data/read/pickle.ts";
import { newReadReport } from "../../../src/data/read/report.ts";
import { collect, stream } from "./bytes.ts";
import { npy, objects, pickle, word } from "./pickles.ts";

const ROWS = [
  [10, 20, 0],
  [1, -2, 0],
  [3, 4, 1],
  [-300, 5, 0],
  [7, 7, 1],
];

// numpy 2.4: np.savez_compressed(f, train=[rows, rows[:3]], valid=[rows[:2]], test=[rows[:4]]) of object arrays.
const INT16 = Buffer.from(
  "UEsDBC0AAAAIAAAAIQBebiyE//////////8JABQAdHJhaW4ubnB5AQAQAKkBAAAAAAAADgEAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBe46+uo6Cell9UUpSYF59flJIKEnZLzClOBYoXZyQWpAL5GkY6mjoKtQqUAK4GlqlyjAxg0COWV5pbUKkXn5xflKqXW5pTkplYVJRYOaWHJ74oNTk/r7ikqDS5ZMrkKT2sYJVTetjzUiBKJk/xZmid4syYNKV9StAUDW9Gb6bWKRnMPawpJZUFqSAtTP4WUzo7ILLMPYw1U/z8/Lz+AwGY8LYvmZLUGTtFI4MpgxVkVAY7zCBWb+a2KRk8PUyZRsgG2KAZwAAywFmOi0EE6BVGhn//GRiYGViArCv/WIEi7EDIyDAFqAjTBmawDZKdzkKYukE6UoFYDwBQSwMELQAAAAgAAAAhAI/XmPH//////////wkAFAB2YWxpZC5ucHkBABAAZAEAAAAAAADwAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loF7jr66joJ6WX1RSlJgXn1+UkgoSdkvMKU4FihdnJBakAvkahjqaOgq1CpQArgaWqTcZIKBHLK80t6BSLz45vyhVL7c0pyQzsagosXJKD098UWpyfl5xSVFpcsmUyVN6WMEqp/Sw56VAlEye4s3QOsWZMWlK+5SgKRrejN6MrVMymHtYU0oqC1JBWpj8LaZ0dkBkmXsYa6b4+fl5/QcCMOFtXzIlqTN2SgZTBivIpAx2mDlM3sxtUzJ4epgyjZD126DpZwDpd+bhYhAB+oSR4d9/BoYpQKFEINYDAFBLAwQtAAAACAAAACEAVd5YI///////////CAAUAHRlc3QubnB5AQAQAHABAAAAAAAA+gAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBe46+uo6Cell9UUpSYF59flJIKEnZLzClOBYoXZyQWpAL5GoY6mjoKtQqUAK4GlqlPGSCgRyyvNLegUi8+Ob8oVS+3NKckM7GoKLFySg9PfFFqcn5ecUlRaXLJlMlTeljBKqf0sOelQJRMnuLN0DrFmTFpSvuUoCka3ozejK1TMph7WFNKKgtSQVqY/C2mdHZAZJl7GGum+Pn5ef0HAjDhbV8yJakzdkoGUwYryKQMdpg5LN7MbVMyeHqYMo2Q9dug6WcA6XeW4GIQAfqEkeHffwYGZgYWIOvKP1agyBSgdCIQ6wEAUEsBAi0DLQAAAAgAAAAhAF5uLIQOAQAAqQEAAAkAAAAAAAAAAAAAAIABAAAAAHRyYWluLm5weVBLAQItAy0AAAAIAAAAIQCP15jx8AAAAGQBAAAJAAAAAAAAAAAAAACAAUkBAAB2YWxpZC5ucHlQSwECLQMtAAAACAAAACEAVd5YI/oAAABwAQAACAAAAAAAAAAAAAAAgAF0AgAAdGVzdC5ucHlQSwUGAAAAAAMAAwCkAAAAqAMAAAAA",
  "base64",
);
// The same rows as float32 in column-major order.
const FLOAT32_FORTRAN = Buffer.from(
  "UEsDBC0AAAAIAAAAIQCCORWx//////////8JABQAdHJhaW4ubnB5AQAQANkBAAAAAAAAHwEAAAAAAACljUFLhEAUx5+aLMSeg24eAg3EQ3SIWFhD6JDkRtChQ4irsxjsqoxjIG2wly0X5uarcx8l6Iv0TWpUlrY69oc3781//vN7tXd1fnEtwR3c6xHJQ6ofa/p8pJuaPkkpo0HipzQijX0aTHMi/DwOMiLuxoG5b2oP2n+0vdh69iRoxXeSYpaVlh+mlFizYspuA0qDEnnfpyRMk5zRImRYI1fbJPJeEnWRGl1YoiON8Qkv0XAlV15irHA1YmVGmi/y6AhXVfeqcGmOnuedfQq1hztkOF7doBHLsdqg4t4apLrKI8Z9Lk8ONwGDXwAQgMoZAGgnAIshgG0DvLwDfIj+Kjx4E34z2523VpPtOgrE3/1Ku3+3cvZ+sjeZ36yGQURZX1BLAwQtAAAACAAAACEAb/Lwiv//////////CQAUAHZhbGlkLm5weQEAEABwAQAAAAAAAPcAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgXuOvrqOgnpZfVFKUmBefX5SSChJ2S8wpTgWKF2ckFqQC+RqGOpo6CrUKlACuBpapTxkgoEcsrzS3oFIvPjm/KFUvtzSnJDOxqCixckoPT3xRanJ+XnFJUWlyyZTJU3pYwSqn9LDnpUCUTJ7izdA6xZkxaUr7lKApGt6M3oytUzKYe1hTSioLUkFamPwtpnR2QGSZexhrpvj5+Xn9BwIw4W1fMiWpM3ZKBlMGK8ikDHaYOUzezG1TMnh6mNJMkPXboOlnAOrvcJZgYFBwZGBosGdgWACkGQ5AvcYwBSidCMR6AFBLAwQtAAAACAAAACEAg3cVPv//////////CAAUAHRlc3QubnB5AQAQAIgBAAAAAAAABgEAAAAAAACljEFLw0AQhWeThoL07Dm3VAhBwYOI0EjBg8FUBA8eJGyTLSu0SdhshGCFXqot7C2j5/4Uwd8lumlQxKsPZuC9ed/U4fXF5Q2Be3hwElbEwjm2nfnIcW1nkgkpaBplImFNfEanBdN5wWnOtO8fuHuu/Wj/RzuLzssHtFK7aTnLKy+KM8G8WTmVd1QIWqHqRYLFWVpIUcYSa1TWtomqmyZtpcYAljgkY3zGK+wHJCBL5KayElnlrEGM0RGuV+3VVGSOYRief2ptVzCQOF7fIje41Xzi3e8/ncB8Qt5TxuTwN3/yhwfNr4b7APYpwGIA4PsAr+8AG+3hTWfab3z4UdMBQI1RPd4XUEsBAi0DLQAAAAgAAAAhAII5FbEfAQAA2QEAAAkAAAAAAAAAAAAAAIABAAAAAHRyYWluLm5weVBLAQItAy0AAAAIAAAAIQBv8vCK9wAAAHABAAAJAAAAAAAAAAAAAACAAVoBAAB2YWxpZC5ucHlQSwECLQMtAAAACAAAACEAg3cVPgYBAACIAQAACAAAAAAAAAAAAAAAgAGMAgAAdGVzdC5ucHlQSwUGAAAAAAMAAwCkAAAAzAMAAAAA",
  "base64",
);
// pickle.dumps of the object array [rows] in int16, protocols 2 and 3, and of [rows[:2]] in big-endian float64.
const PICKLES: [string, string, number][] = [
  [
    "protocol 2",
    "gAJjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQBjbnVtcHkKbmRhcnJheQpxAUsAhXECY19jb2RlY3MKZW5jb2RlCnEDWAEAAABicQRYBgAAAGxhdGluMXEFhnEGUnEHh3EIUnEJKEsBSwGFcQpjbnVtcHkKZHR5cGUKcQtYAgAAAE84cQyJiIdxDVJxDihLA1gBAAAAfHEPTk5OSv////9K/////0s/dHEQYoldcRFoAGgBSwCFcRJoB4dxE1JxFChLAUsFSwOGcRVoC1gCAAAAaTJxFomIh3EXUnEYKEsDWAEAAAA8cRlOTk5K/////0r/////SwB0cRpiiWgDWCIAAAAKABQAAAABAMO+w78AAAMABAABAMOUw74FAAAABwAHAAEAcRtoBYZxHFJxHXRxHmJhdHEfYi4=",
    5,
  ],
  [
    "protocol 3",
    "gANjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQBjbnVtcHkKbmRhcnJheQpxAUsAhXECQwFicQOHcQRScQUoSwFLAYVxBmNudW1weQpkdHlwZQpxB1gCAAAATzhxCImIh3EJUnEKKEsDWAEAAAB8cQtOTk5K/////0r/////Sz90cQxiiV1xDWgAaAFLAIVxDmgDh3EPUnEQKEsBSwVLA4ZxEWgHWAIAAABpMnESiYiHcRNScRQoSwNYAQAAADxxFU5OTkr/////Sv////9LAHRxFmKJQx4KABQAAAABAP7/AAADAAQAAQDU/gUAAAAHAAcAAQBxF3RxGGJhdHEZYi4=",
    5,
  ],
  [
    "big-endian float64",
    "gASV/QAAAAAAAACMFm51bXB5Ll9jb3JlLm11bHRpYXJyYXmUjAxfcmVjb25zdHJ1Y3SUk5SMBW51bXB5lIwHbmRhcnJheZSTlEsAhZRDAWKUh5RSlChLAUsBhZRoA4wFZHR5cGWUk5SMAk84lImIh5RSlChLA4wBfJROTk5K/////0r/////Sz90lGKJXZRoAmgFSwCFlGgHh5RSlChLAUsCSwOGlGgMjAJmOJSJiIeUUpQoSwOMAT6UTk5OSv////9K/////0sAdJRiiUMwQCQAAAAAAABANAAAAAAAAAAAAAAAAAAAP/AAAAAAAADAAAAAAAAAAAAAAAAAAAAAlHSUYmF0lGIu",
    2,
  ],
];

async function read(bytes: Uint8Array) {
  const report = newReadReport();
  const drawings = await collect(readNpz(stream(bytes, 1000), "set.npz", report));
  return { drawings, report };
}

describe("readNpz", () => {
  it.each([
    ["int16", INT16],
    ["float32 in column-major order", FLOAT32_FORTRAN],
  ])("reads what numpy wrote: %s", async (_, bytes) => {
    const { drawings, report } = await read(bytes);
    expect(report).toMatchObject({ lines: 4, read: 4 });
    expect(drawings.map(({ part, line }) => [part, line])).toEqual([
      ["train", 0],
      ["train", 1],
      ["valid", 2],
      ["test", 3],
    ]);
    expect(drawings.map(({ sketch }) => sketch.strokes)).toEqual([
      [
        { x: [10, 11, 14], y: [20, 18, 22] },
        { x: [-286, -279], y: [27, 34] },
      ],
      [{ x: [10, 11, 14], y: [20, 18, 22] }],
      [{ x: [10, 11], y: [20, 18] }],
      [
        { x: [10, 11, 14], y: [20, 18, 22] },
        { x: [-286], y: [27] },
      ],
    ]);
  });

  it("skips entries that are no drawing and counts them", async () => {
    const body = pickle(
      0x80,
      4,
      arrayOf(3),
      [0x5d, 0x28, numbers(0, 3), numbers(1, 2), 0x4e, 0x65],
      0x74,
      0x62,
      0x2e,
    );
    await expect(read(zipSync({ "train.npy": npy(objects(3), body) }))).rejects.toThrow(
      /set\.npz holds no drawing.*0 of 3 read.*empty drawing: 1 \(1: no rows\).*malformed stroke: 2 \(2: an array of 2 columns/s,
    );
  });

  it.each<[string, Uint8Array, RegExp]>([
    [
      "not a zip",
      Buffer.from("hello, this is no zip"),
      /set\.npz: not a usable zip file: it does not begin as one/,
    ],
    ["empty", new Uint8Array(0), /not a usable zip file/],
    ["cut off", INT16.subarray(0, INT16.length - 30), /its directory is missing; it was cut off/],
    [
      "other arrays",
      zipSync({ "weights.npy": new Uint8Array(3) }),
      /expected the arrays train, valid, test, found weights\.npy/,
    ],
    ["no arrays", zipSync({}), /found none/],
    [
      "no .npy file",
      zipSync({ "train.npy": Buffer.from("{}") }),
      /train\.npy: .*does not begin as a \.npy file/,
    ],
    [
      "plain numbers",
      zipSync({
        "test.npy": npy("{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }", new Uint8Array(12)),
      }),
      /expected dtype \|O and one dimension .*found <i2 of shape \(2, 3\)/,
    ],
    [
      "a strange header",
      zipSync({ "test.npy": npy("import os", new Uint8Array(0)) }),
      /its header reads "import os"/,
    ],
  ])("refuses a file that is %s", async (_, bytes, message) => {
    await expect(read(bytes)).rejects.toThrow(UserError);
    await expect(read(bytes)).rejects.toThrow(message);
  });

  it("notices every changed byte of the packed data", async () => {
    const begin = INT16.indexOf("train.npy") + 40;
    await fc.assert(
      fc.asyncProperty(fc.nat(200), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const bytes = Buffer.from(INT16);
        bytes[begin + at] ^= change;
        await expect(read(bytes)).rejects.toThrow(/set\.npz: cannot unpack "train\.npy"/);
      }),
    );
  });

  it("throws nothing but a UserError, whatever is changed", async () => {
    const stored = zipSync(
      { "train.npy": npy(objects(1), Buffer.from(PICKLES[0][1], "base64")) },
      { level: 0 },
    );
    const changes = fc.array(fc.tuple(fc.nat(stored.length - 1), fc.nat(255)), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(stored, INT16), changes, async (file, list) => {
        const bytes = Buffer.from(file);
        for (const [at, value] of list) bytes[at % bytes.length] = value;
        await read(bytes).catch((error: unknown) => expect(error).toBeInstanceOf(UserError));
      }),
      { numRuns: 300 },
    );
  });
});

/** The parts of a pickled array: _reconstruct(ndarray, (0,), b"b"), then its state up to the data. */
const reconstruct = [
  [word("numpy._core.multiarray"), word("_reconstruct"), 0x93],
  [word("numpy"), word("ndarray"), 0x93],
  [0x4b, 0, 0x85, 0x43, 1, "b", 0x87, 0x52],
];
const dtype = (code: string, order: string) => [
  [word("numpy"), word("dtype"), 0x93, word(code), 0x89, 0x88, 0x87, 0x52],
  [0x28, 0x4b, 3, word(order), 0x4e, 0x4e, 0x4e, 0x4b, 0, 0x4b, 0, 0x4b, 0, 0x74, 0x62],
];
const arrayOf = (count: number) => [
  ...reconstruct,
  [0x28, 0x4b, 1, 0x4b, count, 0x85],
  ...dtype("O8", "|"),
  0x89,
];
const numbers = (rows: number, columns: number) => [
  ...reconstruct,
  [0x28, 0x4b, 1, 0x4b, rows, 0x4b, columns, 0x86],
  ...dtype("i1", "|"),
  [0x89, 0x43, rows * columns, new Array<number>(rows * columns).fill(1), 0x74, 0x62],
];

describe("unpickleArray", () => {
  it.each(PICKLES)("reads numpy's pickles: %s", (_, base64, rows) => {
    const { data } = unpickleArray(Buffer.from(base64, "base64"), "train.npy");
    if (data instanceof Uint8Array) throw new Error("expected objects");
    if (!isArray(data[0])) throw new Error("expected an array");
    const columns = columnsOf(data[0]);
    expect(ROWS.slice(0, rows)).toEqual(columns[0].map((_, i) => columns.map((column) => column[i])));
  });

  it("runs nothing of os.system('...')", () => {
    // What pickle.dumps gives for an object whose __reduce__ returns (os.system, ("echo owned",)).
    const old = pickle(0x80, 2, "cposix\nsystem\n", 0x58, [10, 0, 0, 0], "echo owned", 0x85, 0x52, 0x2e);
    expect(() => unpickleArray(old, "train.npy")).toThrow(
      /train\.npy: refused .* it asks for "posix\.system"/,
    );
    const recent = pickle(0x80, 4, word("posix"), word("system"), 0x93, word("echo owned"), 0x85, 0x52, 0x2e);
    expect(() => unpickleArray(recent, "train.npy")).toThrow(/it asks for "posix\.system"/);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ["builtins.eval", pickle(0x80, 2, "c__builtin__\neval\n."), /"__builtin__\.eval"/],
    [
      "a name split in another place",
      pickle(0x80, 4, word("numpy"), word("core.os"), 0x93, 0x2e),
      /"numpy\.core\.os"/,
    ],
    [
      "a class made by NEWOBJ",
      pickle(0x80, 4, word("numpy"), word("ndarray"), 0x93, 0x29, 0x81, 0x2e),
      /operation 0x81/,
    ],
    ["INST", pickle(0x80, 2, 0x28, "iposix\nsystem\n", 0x2e), /operation 0x69/],
    ["EXT1", pickle(0x80, 2, 0x82, 1, 0x2e), /operation 0x82/],
    [
      "numpy.dtype of objects with fields",
      pickle(0x80, 4, dtype("O9", "|"), 0x2e),
      /other than a plain array/,
    ],
    ["a call of a tuple", pickle(0x80, 4, 0x29, 0x29, 0x52, 0x2e), /other than a plain array/],
    ["protocol 5", pickle(0x80, 5, 0x2e), /protocol 5/],
    ["no array", pickle(0x80, 4, 0x4b, 1, 0x2e), /other than an array/],
    ["an empty stack", pickle(0x80, 4, 0x2e), /stack runs empty/],
    ["a missing mark", pickle(0x80, 4, 0x74, 0x2e), /mark is missing/],
    ["a pop beneath a mark", pickle(0x80, 4, 0x4b, 1, 0x28, 0x85, 0x2e), /stack runs empty/],
    ["an unknown memory", pickle(0x80, 4, 0x68, 9, 0x2e), /nothing was remembered as 9/],
    [
      "too few bytes",
      pickle(0x80, 4, numbers(2, 3).slice(0, -1), [0x89, 0x43, 5, "aaaaa", 0x74, 0x62, 0x2e]),
      /plain form/,
    ],
    ["nothing", new Uint8Array(0), /it was cut off/],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => unpickleArray(bytes, "train.npy")).toThrow(UserError);
    expect(() => unpickleArray(bytes, "train.npy")).toThrow(message);
  });

  it("throws nothing but a UserError on random bytes", () => {
    const codes = fc.constantFrom(
      0x28,
      0x29,
      0x2e,
      0x4b,
      0x4e,
      0x52,
      0x5d,
      0x61,
      0x62,
      0x65,
      0x68,
      0x71,
      0x74,
      0x85,
      0x93,
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(codes).map((list) => Uint8Array.from(list)),
    );
    fc.assert(
      fc.property(bytes, (list) => {
        expect(() => unpickleArray(list, "train.npy")).toThrow(UserError);
      }),
      { numRuns: 500 },
    );
  });
});

const shared = fileURLToPath(new URL("../../../../shared/sketch-rnn/", import.meta.url));
if (!existsSync(shared)) console.warn("skipped: the sets of Sketch-RNN (../shared is missing)");

it.skipIf(!existsSync(shared)).each([
  ["omniglot", { train: 30_000, valid: 1_000, test: 1_000 }],
  ["short_kanji", { train: 10_000, valid: 600, test: 500 }],
  ["aaron_sheep", { train: 7_400, valid: 300, test: 300 }],
])("%s is read whole", async (name, expected) => {
  const report = newReadReport();
  const parts = new Map<string | undefined, number>();
  for await (const { sketch, part } of readNpz(readFileBytes(`${shared}${name}.npz`), name, report)) {
    parts.set(part, (parts.get(part) ?? 0) + 1);
    expect(sketch.strokes.length).toBeGreaterThan(0);
  }
  expect(Object.fromEntries(parts)).toEqual(expected);
  expect(report.lines).toBe(report.read);
});
