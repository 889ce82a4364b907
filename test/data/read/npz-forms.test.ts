import fc from "fast-check";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { UserError } from "../../../src/base/errors.ts";
import { readNpz } from "../../../src/data/read/npz.ts";
import { newReadReport } from "../../../src/data/read/report.ts";
import { collect, stream } from "./bytes.ts";
import { npy, pickle } from "./pickles.ts";

/** dx, dy, pen lifted. */
const ROWS = [
  [10, 20, 0],
  [1, -2, 0],
  [3, 4, 1],
  [-300, 5, 0],
  [7, 7, 1],
];
const STROKES = [
  { x: [10, 11, 14], y: [20, 18, 22] },
  { x: [-286, -279], y: [27, 34] },
];

const four = (rows: readonly (readonly number[])[]) =>
  rows.map(([dx, dy, lifted]) => [dx, dy, 1 - lifted, lifted]);
const five = (rows: readonly (readonly number[])[]) =>
  rows.map(([dx, dy, lifted]) => [dx, dy, 1 - lifted, lifted, 0]);

const padded = (rows: readonly (readonly number[])[], length: number, padding: readonly number[]) => [
  ...rows,
  ...Array.from({ length: length - rows.length }, () => padding),
];

type Cube = readonly (readonly (readonly number[])[])[];

/** A .npz whose train is one array of three dimensions. */
function cube(drawings: Cube, descr = "<f4", fortran = false): Uint8Array {
  const [count, rows, columns] = [drawings.length, drawings[0].length, drawings[0][0].length];
  const values: number[] = [];
  if (fortran)
    for (let column = 0; column < columns; column++)
      for (let row = 0; row < rows; row++)
        for (let i = 0; i < count; i++) values.push(drawings[i][row][column]);
  else values.push(...drawings.flat(2));
  const bytes = descr === "<i2" ? Int16Array.from(values) : Float32Array.from(values);
  const header = `{'descr': '${descr}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': (${count}, ${rows}, ${columns}), }\n`;
  return zipSync({ "train.npy": npy(header, new Uint8Array(bytes.buffer)) });
}

async function read(bytes: Uint8Array) {
  const report = newReadReport();
  const drawings = await collect(readNpz(stream(bytes, 1000), "set.npz", report));
  return { strokes: drawings.map(({ sketch }) => sketch.strokes), report };
}

describe("an array of three dimensions", () => {
  it.each<[string, Cube]>([
    ["three numbers, zeros behind", [padded(ROWS, 9, [0, 0, 0]), padded(ROWS.slice(0, 3), 9, [0, 0, 0])]],
    [
      "three numbers, lifted pens behind",
      [padded(ROWS, 9, [0, 0, 1]), padded(ROWS.slice(0, 3), 9, [0, 0, 1])],
    ],
    [
      "three numbers, NaN behind",
      [padded(ROWS, 9, [NaN, NaN, NaN]), padded(ROWS.slice(0, 3), 9, [NaN, NaN, NaN])],
    ],
    ["four numbers", [padded(four(ROWS), 9, [0, 0, 0, 0]), padded(four(ROWS.slice(0, 3)), 9, [0, 0, 0, 0])]],
    [
      "five numbers",
      [padded(five(ROWS), 9, [0, 0, 0, 0, 1]), padded(five(ROWS.slice(0, 3)), 9, [0, 0, 0, 0, 1])],
    ],
  ])("of %s is read without its padding", async (_, drawings) => {
    for (const fortran of [false, true]) {
      const { strokes, report } = await read(cube(drawings, "<f4", fortran));
      expect(strokes).toEqual([STROKES, STROKES.slice(0, 1)]);
      expect(report).toMatchObject({ lines: 2, read: 2 });
    }
  });

  it("may be of whole numbers", async () => {
    expect((await read(cube([ROWS], "<i2"))).strokes).toEqual([STROKES]);
  });

  it("gives the same drawings as three, four and five numbers a point", async () => {
    const row = fc.tuple(
      fc.integer({ min: 1, max: 255 }),
      fc.integer({ min: -99, max: 99 }),
      fc.integer({ min: 0, max: 1 }),
    );
    const drawing = fc
      .array(row, { minLength: 2, maxLength: 12 })
      .filter((rows) => rows.some(([, , pen]) => pen === 0));
    await fc.assert(
      fc.asyncProperty(fc.array(drawing, { minLength: 1, maxLength: 4 }), async (drawings) => {
        const expected = await read(cube(drawings.map((rows) => padded(rows, 12, [0, 0, 0]))));
        expect(expected.strokes).toHaveLength(drawings.length);
        expect(
          (await read(cube(drawings.map((rows) => padded(four(rows), 12, [0, 0, 0, 0]))))).strokes,
        ).toEqual(expected.strokes);
        expect(
          (await read(cube(drawings.map((rows) => padded(five(rows), 12, [0, 0, 0, 0, 1]))))).strokes,
        ).toEqual(expected.strokes);
      }),
    );
  });

  it("of five numbers ends a drawing where they say so", async () => {
    const ended = [...five(ROWS.slice(0, 3)), [0, 0, 0, 0, 1], ...five(ROWS.slice(3))];
    expect((await read(cube([ended]))).strokes).toEqual([STROKES.slice(0, 1)]);
  });

  it("of four numbers may have the pen and the end", async () => {
    const rows = ROWS.map(([dx, dy, lifted], i) => [dx, dy, lifted, i === ROWS.length - 1 ? 1 : 0]);
    expect((await read(cube([rows]))).strokes).toEqual([STROKES]);
    expect((await read(cube([[...rows.slice(0, 3), [0, 0, 0, 1], ...rows.slice(3)]]))).strokes).toEqual([
      STROKES.slice(0, 1),
    ]);
  });

  it.each<[string, Uint8Array, RegExp]>([
    [
      "two numbers a point",
      cube([
        [
          [1, 2],
          [3, 4],
        ],
      ]),
      /an array of 2 columns/,
    ],
    ["six numbers a point", cube([[[1, 2, 3, 4, 5, 6]]]), /an array of 6 columns/],
    [
      "four numbers that say nothing of the pen",
      cube([
        [
          [1, 2, 0.5, 7],
          [1, 2, 0.5, 7],
        ],
      ]),
      /four columns of which the last two say nothing of the pen/,
    ],
    ["nothing but padding", cube([padded([], 5, [0, 0, 0])]), /empty drawing: 1/],
    [
      "as many empty drawings as fit into a number",
      zipSync({
        "train.npy": npy(
          "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000, 0, 3), }",
          new Uint8Array(0),
        ),
      }),
      /is empty/,
    ],
    [
      "fewer bytes than its header promises",
      zipSync({
        "train.npy": npy(
          "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2, 3), }",
          new Uint8Array(44),
        ),
      }),
      /its header promises shape \(2, 2, 3\)/,
    ],
    ...["|b1", "<c8", "<U5", "|S3", "<M8[s]"].map((descr): [string, Uint8Array, RegExp] => [
      `type ${descr}`,
      zipSync({
        "train.npy": npy(
          `{'descr': '${descr}', 'fortran_order': False, 'shape': (1, 2, 3), }`,
          new Uint8Array(48),
        ),
      }),
      /it holds (booleans|complex numbers|texts|dates) \(.*\); whole and floating point numbers are read/,
    ]),
  ])("is refused by name: %s", async (_, bytes, message) => {
    await expect(read(bytes)).rejects.toThrow(UserError);
    await expect(read(bytes)).rejects.toThrow(message);
  });
});

// numpy 2.4, np.savez_compressed(f, train=...), rows as above in float64: an object array of lists of lists, one of a
// boolean array, an object array of no dimension around a dictionary, np.array([rows, rows], dtype=object) of integers,
// and an object array of rows / 4 in float16.
const WRITTEN = {
  LISTS:
    "UEsDBC0AAAAIAAAAIQD6JTfa//////////8JABQAdHJhaW4ubnB5AQAQABUCAAAAAAAA+wAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBe46+uo6Cell9UUpSYF59flJIKEnZLzClOBYoXZyQWpAL5GkY6mjoKtQqUAK4GlqldjAxg0COWV5pbUKkXn5xflKqXW5pTkplYVJRYOaWHJ74oNTk/r7ikqDS5ZMrkKT2sYJVTetjzUiBKJk/xZmid4syYNKV9StAUDW9Gb6bWKRnMPawpJZUFqSAtTP4WUzo7ILLMPYw1U/z8/Lz+AwGY8LYvmZLUGTtFA4LcHVQgbnJ3MIEyGKAgFSRt/wEqeoABm7QDB0y3AJQB0wCWPlB0ACotglW3DEy3DLruVFo7LzUVGA56AFBLAQItAy0AAAAIAAAAIQD6JTfa+wAAABUCAAAJAAAAAAAAAAAAAACAAQAAAAB0cmFpbi5ucHlQSwUGAAAAAAEAAQA3AAAANgEAAAAA",
  BOOLS:
    "UEsDBC0AAAAIAAAAIQCO8COv//////////8JABQAdHJhaW4ubnB5AQAQAGUBAAAAAAAA7AAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBe46+uo6Cell9UUpSYF59flJIKEnZLzClOBYoXZyQWpAL5GoY6mjoKtQqUAK4Glqm3GCCgRyyvNLegUi8+Ob8oVS+3NKckM7GoKLFySg9PfFFqcn5ecUlRaXLJlMlTeljBKqf0sOelQJRMnuLN0DrFmTFpSvuUoCka3ozejK1TMph7WFNKKgtSQVqY/C2mdHZAZJl7GGum+Pn5ef0HAjDhbV8yJakzdkoGUwYryKQMdpg5rN7MbVMyeHqYkgwR+jMEUHUzgHQ78zMyMoARI4ScAhRNBGI9AFBLAQItAy0AAAAIAAAAIQCO8COv7AAAAGUBAAAJAAAAAAAAAAAAAACAAQAAAAB0cmFpbi5ucHlQSwUGAAAAAAEAAQA3AAAAJwEAAAAA",
  DICT: "UEsDBC0AAAAIAAAAIQDf5QzG//////////8JABQAdHJhaW4ubnB5AQAQANQBAAAAAAAADQEAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBe46+uo6Cell9UUpSYF59flJIKEnZLzClOBYoXZyQWpAL5Gpo6CrUKlAGuBpapnowMYNAjlleaW1CpF5+cX5Sql1uaU5KZWFSUWDmlhye+KDU5P6+4pKg0uWTK5Ck9rGCVU3rY81IgSiZP8WZoneLMmDSlfUrQFA1vRs0M5h7WlJLKglSQeiZ/iymdHRAp5h7Gmil+fn5e/4EATHjbl0xJ6oydUjulhzFxSgZTBivIsAx2qFHerN7MbVMyuHuY0lBMsUEzhQFkinMFxDMqDhDaBErDwAd7KOMAqjgHVJ2AA4q6A0VQdSJo5sg4oNIf7KcArS9OBBJ6AFBLAQItAy0AAAAIAAAAIQDf5QzGDQEAANQBAAAJAAAAAAAAAAAAAACAAQAAAAB0cmFpbi5ucHlQSwUGAAAAAAEAAQA3AAAASAEAAAAA",
  OBJECTS3D:
    "UEsDBC0AAAAIAAAAIQBwJHzM//////////8JABQAdHJhaW4ubnB5AQAQAGEBAAAAAAAA6wAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBe46+uo6Cell9UUpSYF59flJIKEnZLzClOBYoXZyQWpAL5GkY6CqY6CsaaOgq1CmQCrgaWqdcYIKBHLK80t6BSLz45vyhVL7c0pyQzsagosXJKD098UWpyfl5xSVFpcsmUyVN6WMEqp/Sw56VAlEye4s3QOsWZMWlK+5SgKRrejN5M3qzezO1TMph7WFNKKgtSQdqY/C2mdHZAVDD3MNZM8fPz8/oPBGDC275kSlJnLFCOy1vEm8Gb0esfSJTBm9mbBci5AuQBzWTwZgdCRmLUpALN0wMAUEsBAi0DLQAAAAgAAAAhAHAkfMzrAAAAYQEAAAkAAAAAAAAAAAAAAIABAAAAAHRyYWluLm5weVBLBQYAAAAAAQABADcAAAAmAQAAAAA=",
  HALF: "UEsDBC0AAAAIAAAAIQAtr1Ao//////////8JABQAdHJhaW4ubnB5AQAQAHYBAAAAAAAA/gAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBe46+uo6Cell9UUpSYF59flJIKEnZLzClOBYoXZyQWpAL5GoY6mjoKtQqUAK4GlqmvGSCgRyyvNLegUi8+Ob8oVS+3NKckM7GoKLFySg9PfFFqcn5ecUlRaXLJlMlTeljBKqf0sOelQJRMnuLN0DrFmTFpSvuUoCka3ozejK1TMph7WFNKKgtSQVqY/C2mdHZAZJl7GGum+Pn5ef0HAjDhbV8yJakzdkoGUwYryKQMdpg5rN7MbVMyeHqY0oyQ9dug6WcA6XeWY3BkcAV6xYRhB5C0YrBhMNlwhcEWyLYHQpMpQEWJQKwHAFBLAQItAy0AAAAIAAAAIQAtr1Ao/gAAAHYBAAAJAAAAAAAAAAAAAACAAQAAAAB0cmFpbi5ucHlQSwUGAAAAAAEAAQA3AAAAOQEAAAAA",
};

describe("what numpy writes", () => {
  const written = (name: keyof typeof WRITTEN) => read(Buffer.from(WRITTEN[name], "base64"));

  it("in float16 is read", async () => {
    const quarter = ({ x, y }: { x: number[]; y: number[] }) => ({
      x: x.map((v) => v / 4),
      y: y.map((v) => v / 4),
    });
    // Of the pens, a quarter too, none is above one half.
    const [{ x, y }] = STROKES.map(quarter);
    const { strokes } = await written("HALF");
    expect(strokes[0][0].x.slice(0, 3)).toEqual(x);
    expect(strokes[0][0].y.slice(0, 3)).toEqual(y);
  });

  it("of lists of equal length, which become one array of three dimensions, is read", async () => {
    expect((await written("OBJECTS3D")).strokes).toEqual([STROKES, STROKES]);
  });

  it("of lists of other lengths is refused by name", async () => {
    await expect(written("LISTS")).rejects.toThrow(UserError);
    await expect(written("LISTS")).rejects.toThrow(
      /malformed stroke: 2 \(1: a list of Python, expected rows/,
    );
  });

  it("of booleans is refused by name", async () => {
    await expect(written("BOOLS")).rejects.toThrow(UserError);
    await expect(written("BOOLS")).rejects.toThrow(/whole or floating point numbers: booleans \(b1\)/);
  });

  it("of a dictionary is refused by name", async () => {
    await expect(written("DICT")).rejects.toThrow(UserError);
    await expect(written("DICT")).rejects.toThrow(/found \|O of shape \(\)/);
  });
});

it("a small file of nothing but operations is refused before it fills the memory", async () => {
  const header = npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", pickle(0x80, 4));
  const marks = Buffer.alloc(2 ** 24 + 1, 0x28);
  const file = zipSync({ "train.npy": Buffer.concat([header, marks]) }, { level: 1 });
  await expect(read(file)).rejects.toThrow(/more than 16777216 operations/);
}, 60_000);
