import { describe, expect, it } from "vitest";
import { importDrawings } from "../../../src/data/import/import.ts";
import type { Stroke } from "../../../src/sketch/sketch.ts";

const rounded = ({ x, y }: Stroke) =>
  x.map((px, i) => [px, y[i] ?? 0].map((v) => Math.round(v * 1e6) / 1e6 + 0));

describe("Excalidraw", () => {
  const line = (more: object) => ({
    type: "freedraw",
    x: 0,
    y: 0,
    width: 4,
    height: 2,
    angle: 0,
    points: [
      [0, 0],
      [4, 2],
    ],
    ...more,
  });
  const file = (...elements: object[]) => JSON.stringify({ type: "excalidraw", version: 2, elements });

  it("gives lines where they lie, turned around their middle, and the outlines of shapes", () => {
    const { sketches, notes } = importDrawings(
      file(
        line({ x: 10, y: 20 }),
        line({
          angle: Math.PI / 2,
          points: [
            [0, 0, 0.5],
            [4, 2, 0.5],
          ],
        }),
        line({ isDeleted: true }),
        { type: "rectangle", x: 1, y: 1, width: 2, height: 1, angle: 0 },
        { type: "text", x: 1, y: 1, width: 2, height: 1 },
      ),
      "a.excalidraw",
    );
    expect(sketches[0]?.strokes.map(rounded)).toEqual([
      [
        [10, 20],
        [14, 22],
      ],
      [
        [3, -1],
        [1, 3],
      ],
      [
        [1, 1],
        [3, 1],
        [3, 2],
        [1, 2],
        [1, 1],
      ],
    ]);
    expect(notes).toEqual(["1 of type text, left out"]);
  });

  it("makes a drawing of every outermost group", () => {
    const grouped = (...groupIds: string[]) => line({ groupIds });
    const text = file(grouped("inner", "a"), grouped("b"), grouped("a"), grouped());
    const { sketches } = importDrawings(text, "a.excalidraw", { eachGroup: true });
    expect(sketches.map(({ strokes }) => strokes.length)).toEqual([2, 1, 1]);
  });

  it("is refused by the place of what is wrong", () => {
    expect(() => importDrawings(file(line({ points: [["a", 1]] })), "a.excalidraw")).toThrow(
      /^a\.excalidraw: elements\.0: points\.0\.0: expected number/,
    );
    expect(() => importDrawings(file(), "a.excalidraw")).toThrow(
      "a.excalidraw: there are no lines to draw in it.",
    );
  });
});

describe("tldraw", () => {
  const shape = (id: string, more: object) => ({
    typeName: "shape",
    id,
    index: id,
    parentId: "page:page",
    x: 0,
    y: 0,
    rotation: 0,
    ...more,
  });
  const drawn = (...points: [number, number][]) => ({
    type: "draw",
    props: {
      segments: [{ type: "free", points: points.map(([x, y]) => ({ x, y, z: 0.5 })) }],
      isClosed: false,
    },
  });
  const file = (...records: object[]) => JSON.stringify({ tldrawFileFormatVersion: 1, schema: {}, records });

  it("gives what was drawn, in the places and turns of its groups, the lower first", () => {
    const { sketches, notes } = importDrawings(
      file(
        shape("a2", { x: 5, y: 5, ...drawn([0, 0], [1, 0]) }),
        shape("a1", { type: "group", x: 100, y: 0, rotation: Math.PI / 2, props: {} }),
        shape("a0", { parentId: "a1", x: 2, y: 0, ...drawn([0, 0], [3, 0]) }),
        shape("a3", {
          type: "line",
          props: {
            points: { q: { id: "q", index: "a2", x: 4, y: 4 }, p: { id: "p", index: "a1", x: 0, y: 0 } },
          },
        }),
        shape("a4", { type: "geo", props: {} }),
        { typeName: "page", id: "page:page" },
      ),
      "a.tldr",
    );
    expect(sketches[0]?.strokes.map(rounded)).toEqual([
      [
        [100, 2],
        [100, 5],
      ],
      [
        [5, 5],
        [6, 5],
      ],
      [
        [0, 0],
        [4, 4],
      ],
    ]);
    expect(notes).toEqual(["1 of type geo, left out"]);
  });

  it("is refused by the record that is wrong", () => {
    expect(() => importDrawings(file(shape("a1", { type: "draw", props: {} })), "a.tldr")).toThrow(
      /^a\.tldr: a1: props\.segments: expected array/,
    );
  });
});

describe("InkML", () => {
  const ink = (inside: string) => `<ink xmlns="http://www.w3.org/2003/InkML">${inside}</ink>`;

  it("gives traces as points, differences, and differences of these", () => {
    // The example of the standard, 3.1, as far as it uses these three.
    const { sketches } = importDrawings(ink(`<trace>1125 18432,'23'43,"7"-8,3-5,7 -3</trace>`), "a.inkml");
    expect(sketches[0]?.strokes.map(rounded)).toEqual([
      [
        [1125, 18432],
        [1148, 18475],
        [1178, 18510],
        [1211, 18540],
        [1251, 18567],
      ],
    ]);
  });

  it("takes X and Y of any channels, and leaves the lifted pen out", () => {
    const text = ink(`<traceFormat><channel name="T"/><channel name="Y"/><channel name="X"/></traceFormat>
      <trace>0 1 2, 10 3 4</trace><trace type="penUp">0 0 0, 0 9 9</trace>`);
    expect(importDrawings(text, "a.inkml").sketches[0]?.strokes.map(rounded)).toEqual([
      [
        [2, 1],
        [4, 3],
      ],
    ]);
  });

  it("is refused by the line of what is wrong", () => {
    expect(() => importDrawings(ink("\n<trace>1 2, 3</trace>"), "a.inkml")).toThrow(
      'a.inkml:2: a point of <trace> is "3", expected a number for each channel.',
    );
  });
});
