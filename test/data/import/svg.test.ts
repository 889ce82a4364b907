import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { importDrawings } from "../../../src/data/import/import.ts";
import { toSvg } from "../../../src/render/svg.ts";
import { fitInto, type Stroke } from "../../../src/sketch/sketch.ts";

const svg = (inside: string, attributes = "") =>
  `<svg xmlns="http://www.w3.org/2000/svg" fill="none" stroke="black" ${attributes}>${inside}</svg>`;
const strokesOf = (inside: string, attributes?: string) =>
  importDrawings(svg(inside, attributes), "a.svg").sketches.flatMap(({ strokes }) => strokes);
const points = ({ x, y }: Stroke) => x.map((px, i) => [px, y[i]]);
const rounded = (stroke: Stroke) =>
  points(stroke).map((row) => row.map((v = 0) => Math.round(v * 1e6) / 1e6 + 0));

describe("the lines of an SVG", () => {
  it("are those of its shapes, in order and direction", () => {
    const strokes = strokesOf(`
      <line x1="1" y1="2" x2="3" y2="4"/>
      <polyline points="0,0 10,0 10,5"/>
      <polygon points="0 0 10 0 10 5"/>
      <rect x="1" y="1" width="4" height="2"/>
      <path d="M5 5l1 0 0 1zm-3 0h2V9"/>`);
    expect(strokes.map(rounded)).toEqual([
      [
        [1, 2],
        [3, 4],
      ],
      [
        [0, 0],
        [10, 0],
        [10, 5],
      ],
      [
        [0, 0],
        [10, 0],
        [10, 5],
        [0, 0],
      ],
      [
        [1, 1],
        [5, 1],
        [5, 3],
        [1, 3],
        [1, 1],
      ],
      [
        [5, 5],
        [6, 5],
        [6, 6],
        [5, 5],
      ],
      [
        [2, 5],
        [4, 5],
        [4, 9],
      ],
    ]);
  });

  it("of circles and ellipses go clockwise from the right, as near as asked", () => {
    const [circle, ellipse] = importDrawings(
      svg('<circle cx="50" cy="40" r="30"/><ellipse cx="50" cy="40" rx="60" ry="20"/>'),
      "a.svg",
      { tolerance: 0.01 },
    ).sketches.flatMap(({ strokes }) => strokes);
    const from = (stroke: Stroke | undefined, rx: number, ry: number) =>
      points(stroke ?? { x: [], y: [] }).map(([x = 0, y = 0]) => Math.hypot((x - 50) / rx, (y - 40) / ry));
    for (const [stroke, rx, ry] of [
      [circle, 30, 30],
      [ellipse, 60, 20],
    ] as const) {
      const radii = from(stroke, rx, ry);
      expect(radii.length).toBeGreaterThan(20);
      // An arc as cubic curves is off by less than 3e-4 of its radius.
      for (const radius of radii) expect(Math.abs(radius - 1)).toBeLessThan(3e-4);
      expect(points(stroke ?? { x: [], y: [] })[0]).toEqual([50 + rx, 40]);
      expect(stroke?.y[1]).toBeGreaterThan(40);
    }
  });

  it("lie where all transforms of all groups put them, the innermost first", () => {
    const [stroke] = strokesOf(
      '<g transform="translate(100 10)"><g transform="rotate(90) scale(2)"><path transform="translate(1,0)" d="M0 0H3"/></g></g>',
    );
    expect(rounded(stroke ?? { x: [], y: [] })).toEqual([
      [100, 12],
      [100, 18],
    ]);
    const [mirrored] = strokesOf('<path transform="matrix(-1 0 0 1 10 0) skewX(45)" d="M0 0L0 2"/>');
    expect(rounded(mirrored ?? { x: [], y: [] })).toEqual([
      [10, 0],
      [8, 2],
    ]);
  });

  it("are seen wherever they are used", () => {
    const strokes = strokesOf(`
      <defs><path id="leg" d="M0 0V5"/></defs>
      <symbol id="sign"><path d="M0 0H2"/></symbol>
      <use href="#leg" x="1"/><use xlink:href="#leg" transform="scale(2)" x="3" y="1"/><use href="#sign"/>
      <svg x="10" y="20" width="40" height="20" viewBox="0 0 10 10"><path d="M0 0H10"/></svg>`);
    expect(strokes.map(rounded)).toEqual([
      [
        [1, 0],
        [1, 5],
      ],
      [
        [6, 2],
        [6, 12],
      ],
      [
        [0, 0],
        [2, 0],
      ],
      [
        [20, 20],
        [40, 20],
      ],
    ]);
  });

  it("are those that have a stroke, by attribute, style or class; the rest is said", () => {
    const text = `<svg xmlns="http://www.w3.org/2000/svg"><style>.st0 { fill: none; stroke: #123 } #no{stroke:none}</style>
      <rect width="90" height="90" fill="white"/>
      <path class="st0" d="M0 0H1"/><path class="st0" id="no" d="M0 0H2"/>
      <path style="stroke:red" d="M0 0H3"/><g stroke="red" display="none"><path d="M0 0H4"/></g>
      <path stroke="red" visibility="hidden" d="M0 0H5"/><text>words</text></svg>`;
    const { sketches, notes } = importDrawings(text, "a.svg");
    expect(sketches.flatMap(({ strokes }) => strokes.map(({ x }) => x[1]))).toEqual([1, 3]);
    expect(notes).toEqual(["1 filled without a stroke, left out", "1 <text>, left out"]);
    const filled = importDrawings('<svg><path d="M0 0H1V1Z"/></svg>', "a.svg");
    expect(filled.sketches[0]?.strokes).toHaveLength(1);
    expect(filled.notes).toEqual(["nothing has a stroke: the outlines of what is filled were taken"]);
  });

  it("make one drawing, or one of every group at the top", () => {
    const text = svg('<g><path d="M0 0H1"/><g><path d="M0 0H2"/></g></g><g><path d="M0 0H3"/></g>');
    const strokes = (eachGroup: boolean) =>
      importDrawings(text, "a.svg", { eachGroup }).sketches.map((sketch) => sketch.strokes.length);
    expect(strokes(false)).toEqual([3]);
    expect(strokes(true)).toEqual([2, 1]);
  });

  it("are never farther from a curve than the tolerance", () => {
    const number = fc.double({ min: -100, max: 100, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(number, { minLength: 8, maxLength: 8 }),
        fc.constantFrom(0.05, 0.5, 5),
        (p, tolerance) => {
          const [x0 = 0, y0 = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0, x3 = 0, y3 = 0] = p.map(
            (v) => Math.round(v * 100) / 100,
          );
          const path = `<path d="M${x0} ${y0}C${x1} ${y1} ${x2} ${y2} ${x3} ${y3}"/>`;
          const { sketches } = importDrawings(svg(path), "a.svg", { tolerance });
          const line = points(sketches[0]?.strokes[0] ?? { x: [], y: [] });
          for (let i = 0; i <= 200; i++) {
            const t = i / 200;
            const mix = (a: number, b: number, c: number, d: number) =>
              (1 - t) ** 3 * a + 3 * t * (1 - t) ** 2 * b + 3 * t * t * (1 - t) * c + t ** 3 * d;
            const [x, y] = [mix(x0, x1, x2, x3), mix(y0, y1, y2, y3)];
            const away = Math.min(
              ...line.slice(1).map(([bx = 0, by = 0], j) => {
                const [ax = 0, ay = 0] = line[j] ?? [];
                const length = (bx - ax) ** 2 + (by - ay) ** 2;
                const share = length === 0 ? 0 : ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length;
                const s = Math.min(1, Math.max(0, share));
                return Math.hypot(x - ax - s * (bx - ax), y - ay - s * (by - ay));
              }),
            );
            expect(away).toBeLessThanOrEqual(tolerance + 1e-9);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("come back from our own SVG as they were, within half a unit", () => {
    const sketch = fitInto(
      {
        strokes: [
          { x: [0, 30, 90], y: [5, 60, 20] },
          { x: [10, 11], y: [80, 12] },
        ],
      },
      256,
      28,
    );
    const { sketches } = importDrawings(toSvg(sketch), "a.svg");
    expect(sketches[0]?.strokes.map(({ x }) => x.length)).toEqual([3, 2]);
    for (const [i, { x, y }] of sketch.strokes.entries())
      for (const [j, value] of x.entries()) {
        expect(Math.abs((sketches[0]?.strokes[i]?.x[j] ?? Number.NaN) - value)).toBeLessThan(0.5);
        expect(Math.abs((sketches[0]?.strokes[i]?.y[j] ?? Number.NaN) - (y[j] ?? 0))).toBeLessThan(0.5);
      }
  });

  it.each([
    ["<svg><path></svg>", "a.svg:1: expected XML, found: unexpected close tag"],
    [svg('\n<path d="M0 0X"/>'), "a.svg:2: <path>: expected a path, found: bad command"],
    [svg('<rect width="50%" height="2"/>'), 'a.svg:1: <rect> has width="50%", expected a number'],
    [svg('<polyline points="1 2 3"/>'), 'a.svg:1: <polyline> has points="1 2 3", expected pairs of numbers.'],
    [
      svg('<path transform="turn(3)" d="M0 0H1"/>'),
      'a.svg:1: transform="turn(3)", expected matrix, translate',
    ],
    [
      svg('<use href="#x"/>'),
      'a.svg:1: <use> shows "#x", expected "#" and the id of an element of this file.',
    ],
    [svg('<g id="x"><use href="#x"/></g><use href="#x"/>'), 'a.svg:1: <use> shows itself by "#x".'],
    [svg("<image/>"), "a.svg: there are no lines to draw in it; 1 <image> cannot be drawn as lines."],
    ["<html/>", "a.svg: expected an SVG, a file of Excalidraw or tldraw, or InkML, found <html>."],
    [
      `<svg>${"<g>".repeat(300)}${"</g>".repeat(300)}</svg>`,
      "a.svg:1: elements are nested more than 256 deep.",
    ],
  ])("%s is refused by file, line and element", (text, message) => {
    expect(() => importDrawings(text, "a.svg")).toThrow(message);
  });
});
