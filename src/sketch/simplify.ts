import { resampleStroke } from "./resample.ts";
import { boundsOf, type Sketch, type Stroke } from "./sketch.ts";

/**
 * Ramer 1972, Douglas and Peucker 1973: keeps the first and the last point and, between two kept points, the point
 * farthest from the line through them as long as it is farther than `epsilon`, in the stroke's unit of length.
 */
export const simplifyStroke = (stroke: Stroke, epsilon: number): Stroke =>
  keepSignificant(stroke, significanceOf(stroke, epsilon), epsilon);

/**
 * For each point the largest epsilon (exclusive) that keeps it, where that is above `least`, else 0: which point is
 * farthest does not depend on epsilon, so that a point stays as long as it and all that it was found after are farther.
 */
function significanceOf(stroke: Stroke, least: number): Float64Array {
  const last = stroke.x.length - 1;
  const significance = new Float64Array(last + 1);
  significance[0] = Infinity;
  significance[last] = Infinity;
  const spans: [first: number, last: number, bound: number][] = [[0, last, Infinity]];
  for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
    const [first, last, bound] = span;
    const farthest = farthestPoint(stroke, first, last, least);
    if (farthest === undefined) continue;
    const [index, distance] = farthest;
    const kept = Math.min(distance, bound);
    significance[index] = kept;
    spans.push([first, index, kept], [index, last, kept]);
  }
  return significance;
}

function keepSignificant(stroke: Stroke, significance: Float64Array, epsilon: number): Stroke {
  const { x, y, t } = stroke;
  if (x.length < 3) return stroke;
  const pick = (values: readonly number[]) => values.filter((_, i) => (significance[i] ?? 0) > epsilon);
  return { x: pick(x), y: pick(y), ...(t && { t: pick(t) }) };
}

/** The point between `first` and `last` farthest from the line through them, and how far, if farther than `least`. */
function farthestPoint(
  { x, y }: Stroke,
  first: number,
  last: number,
  least: number,
): [index: number, distance: number] | undefined {
  const [fromX, fromY] = [x[first] ?? 0, y[first] ?? 0];
  const dx = (x[last] ?? 0) - fromX;
  const dy = (y[last] ?? 0) - fromY;
  const length = Math.sqrt(dx * dx + dy * dy);
  let farthest: number | undefined;
  let largest = least;
  for (let i = first + 1; i < last; i++) {
    const toX = (x[i] ?? 0) - fromX;
    const toY = (y[i] ?? 0) - fromY;
    const distance = length > 0 ? Math.abs(dx * toY - dy * toX) / length : Math.sqrt(toX * toX + toY * toY);
    if (distance > largest) {
      farthest = i;
      largest = distance;
    }
  }
  return farthest === undefined ? undefined : [farthest, largest];
}

/** The same drawing with every stroke simplified; throws a RangeError for an epsilon below 0. */
export function simplify(sketch: Sketch, epsilon: number): Sketch {
  if (!(epsilon >= 0))
    throw new RangeError(`simplify: epsilon: expected a number of at least 0, found ${epsilon}`);
  return { ...sketch, strokes: sketch.strokes.map((stroke) => simplifyStroke(stroke, epsilon)) };
}

/** As Python rounds, which the official files were made with. */
function roundHalfToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

const SIZE = 255;
const SPACING = 1;
const EPSILON = 2;

/**
 * Quick, Draw!'s simplified form of a raw drawing (github.com/googlecreativelab/quickdraw-dataset): moved to the
 * top left corner, scaled to a longest side of 255, resampled at 1 pixel, simplified with epsilon 2 and rounded to
 * whole numbers. Times are dropped; a stroke of one point becomes two equal ones, as in the official files.
 */
export function toSimplifiedForm(raw: Sketch): Sketch {
  const bounds = boundsOf(raw);
  if (bounds === undefined) return raw;
  const { minX, minY, maxX, maxY } = bounds;
  const extent = Math.max(maxX - minX, maxY - minY) || 1;
  const strokes = raw.strokes.map(({ x, y }) => {
    const scaled = {
      x: x.map((value) => ((value - minX) * SIZE) / extent),
      y: y.map((value) => ((value - minY) * SIZE) / extent),
    };
    const simple = simplifyStroke(resampleStroke(scaled, SPACING), EPSILON);
    return { x: simple.x.map(roundHalfToEven), y: simple.y.map(roundHalfToEven) };
  });
  return { ...raw, strokes };
}

/** Growth of epsilon from try to try, and the tries. */
const GROWTH = 1.15;
const TRIES = 20;

/**
 * Simplifies with `epsilon`, or with as much more as it takes to have at most `points` points (up to 16 times as much,
 * which may not suffice for a drawing of many strokes).
 */
export function simplifyToFit(sketch: Sketch, epsilon: number, points: number): Sketch {
  const weighed = sketch.strokes.map((stroke) => ({ stroke, significance: significanceOf(stroke, epsilon) }));
  const kept = (wider: number): number =>
    weighed.reduce((sum, { significance }) => sum + significance.filter((value) => value > wider).length, 0);
  let wider = epsilon;
  for (let i = 1; i <= TRIES && kept(wider) > points; i++) wider = epsilon * GROWTH ** i;
  const strokes = weighed.map(({ stroke, significance }) => keepSignificant(stroke, significance, wider));
  return { ...sketch, strokes };
}
