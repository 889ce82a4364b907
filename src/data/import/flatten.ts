import svgpath from "svgpath";
import { UserError } from "../../base/errors.ts";
import type { Stroke } from "../../sketch/sketch.ts";

type Point = readonly [x: number, y: number];

/** A line, or a Bézier curve of second or third order: its control points, ends included. */
type Piece = readonly Point[];

/** Pieces one after the other, each beginning where the one before ends. */
export type Subpath = readonly Piece[];

/**
 * The subpaths of an SVG path, in its own direction and order.
 * @param transforms attributes that apply to it, the innermost first.
 * @param place what it is of, for errors.
 * @throws UserError for what is no path.
 */
export function subpathsOf(data: string, transforms: readonly string[], place: string): Subpath[] {
  const path = svgpath(data);
  if ("err" in path && typeof path.err === "string" && path.err !== "")
    throw new UserError(`${place}: expected a path, found: ${path.err.replace(/^SvgPath: /, "")}.`);
  for (const transform of transforms) path.transform(transform);
  const subpaths: Piece[][] = [];
  let start: Point = [0, 0];
  let pieces: Piece[] | undefined;
  const add = (...piece: Piece) => {
    if (pieces === undefined) {
      pieces = [];
      subpaths.push(pieces);
    }
    pieces.push(piece);
  };
  path
    .abs()
    .unarc()
    .unshort()
    .iterate((segment, _index, x, y) => {
      const from: Point = [x, y];
      switch (segment[0]) {
        case "M":
          pieces = undefined;
          start = [segment[1], segment[2]];
          break;
        case "L":
          add(from, [segment[1], segment[2]]);
          break;
        case "H":
          add(from, [segment[1], y]);
          break;
        case "V":
          add(from, [x, segment[1]]);
          break;
        case "Q":
          add(from, [segment[1], segment[2]], [segment[3], segment[4]]);
          break;
        case "C":
          add(from, [segment[1], segment[2]], [segment[3], segment[4]], [segment[5], segment[6]]);
          break;
        default: // Z
          add(from, start);
          pieces = undefined;
      }
    });
  return subpaths;
}

/**
 * A subpath as a stroke whose lines are at most `tolerance` away from its curves: each is cut into as many equal parts as
 * Wang's bound asks for (Wang 1984; Goldman 2002, "Pyramid algorithms", 5.6.3).
 */
export function flattened(subpath: Subpath, tolerance: number): Stroke {
  const x: number[] = [];
  const y: number[] = [];
  const push = ([px, py]: Point) => {
    if (x.length > 0 && x.at(-1) === px && y.at(-1) === py) return;
    x.push(px);
    y.push(py);
  };
  for (const piece of subpath) {
    const parts = partsOf(piece, tolerance);
    for (let i = 0; i <= parts; i++) push(pointOn(piece, i / parts));
  }
  // A dot is a stroke too.
  return x.length === 1 ? { x: [...x, ...x], y: [...y, ...y] } : { x, y };
}

function partsOf(piece: Piece, tolerance: number): number {
  const degree = piece.length - 1;
  let bend = 0;
  for (let i = 2; i < piece.length; i++) {
    const [[ax, ay] = [0, 0], [bx, by] = [0, 0], [cx, cy] = [0, 0]] = piece.slice(i - 2, i + 1);
    bend = Math.max(bend, Math.hypot(ax - 2 * bx + cx, ay - 2 * by + cy));
  }
  return Math.max(1, Math.ceil(Math.sqrt((degree * (degree - 1) * bend) / (8 * tolerance))));
}

/** By de Casteljau; exactly the ends at 0 and 1. */
function pointOn(piece: Piece, share: number): Point {
  const [first = [0, 0], ...rest] = piece;
  const last = rest.at(-1) ?? first;
  if (share === 0) return first;
  if (share === 1) return last;
  const between = rest.map(([x, y], i): Point => {
    const [px, py] = piece[i] ?? first;
    return [px + share * (x - px), py + share * (y - py)];
  });
  return between.length === 1 ? (between[0] ?? first) : pointOn(between, share);
}
