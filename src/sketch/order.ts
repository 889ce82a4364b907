import { at } from "../base/at.ts";
import { boundsOf, type Sketch, type Stroke } from "./sketch.ts";

/** A stroke whose ends are nearer than this share of its length is an outline. */
const CLOSED = 0.15;

/** In which order a network draws strokes: as people drew them, the same each in a set direction, or those with the largest first. */
export type StrokeOrder = "drawn" | "directed" | "size";

/**
 * The same picture in an order: "drawn" as it is; "directed" with every stroke in a set direction, outlines clockwise,
 * others from left to right (from top to bottom where they are steep); "size" so and the largest strokes first. What
 * people vary at will is then no longer there to be learnt.
 * @param kept strokes at the beginning that stay as they are.
 */
export function inOrder(sketch: Sketch, order: StrokeOrder, kept = 0): Sketch {
  if (order === "drawn") return sketch;
  const directed = sketch.strokes.slice(kept).map(uniformDirection);
  if (order === "size") directed.sort((a, b) => extent(b) - extent(a));
  return { ...sketch, strokes: [...sketch.strokes.slice(0, kept), ...directed] };
}

function extent(stroke: Stroke): number {
  const bounds = boundsOf({ strokes: [stroke] });
  return bounds === undefined ? 0 : Math.max(bounds.maxX - bounds.minX, bounds.maxY - bounds.minY);
}

function uniformDirection(stroke: Stroke): Stroke {
  const { x, y } = stroke;
  const last = x.length - 1;
  if (last < 1) return stroke;
  const dx = at(x, last) - at(x, 0);
  const dy = at(y, last) - at(y, 0);
  const isOutline = last > 2 && Math.hypot(dx, dy) < CLOSED * arcLength(stroke);
  const backwards = isOutline ? signedArea(stroke) < 0 : dx + dy / 2 < 0;
  return backwards ? reversed(stroke) : stroke;
}

const arcLength = ({ x, y }: Stroke): number =>
  x.reduce(
    (sum, toX, i) => (i === 0 ? 0 : sum + Math.hypot(toX - (x[i - 1] ?? 0), (y[i] ?? 0) - (y[i - 1] ?? 0))),
    0,
  );

/** Twice the enclosed area (the shoelace formula); positive for clockwise outlines, since y points down. */
const signedArea = ({ x, y }: Stroke): number =>
  x.reduce((sum, fromX, i) => {
    const next = (i + 1) % x.length;
    return sum + fromX * (y[next] ?? 0) - (x[next] ?? 0) * (y[i] ?? 0);
  }, 0);

/** Times would run backwards: they are left out. */
const reversed = ({ x, y, corners }: Stroke): Stroke => ({
  x: [...x].reverse(),
  y: [...y].reverse(),
  ...(corners && { corners: [...corners].reverse() }),
});
