/** One line drawn without lifting the pen: coordinates in drawing order, y pointing down. */
export interface Stroke {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Milliseconds since the drawing began, where the data has them (Quick, Draw!'s raw form). */
  readonly t?: readonly number[];
  /** Whether the line turns a corner at each point or bends through it, where that is known. */
  readonly corners?: readonly boolean[];
}

/** A drawing: strokes in the order they were drawn, in any unit of length. */
export interface Sketch {
  readonly strokes: readonly Stroke[];
  /** The category it was drawn for, for example "cat". */
  readonly word?: string;
  /** Quick, Draw!'s identifier of the drawing. */
  readonly keyId?: string;
  /** Whether Quick, Draw!'s game recognised it. */
  readonly recognized?: boolean;
}

/** A box around points, in the drawing's unit. */
export interface Bounds {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

/** The number of points of all strokes. */
export const pointCount = (sketch: Sketch): number => sketch.strokes.reduce((n, { x }) => n + x.length, 0);

/** The smallest box around all points; undefined for a drawing without points. */
export function boundsOf(sketch: Sketch): Bounds | undefined {
  let minX = Infinity;
  let minY = Infinity;
  let maxX = -Infinity;
  let maxY = -Infinity;
  for (const { x, y } of sketch.strokes) {
    for (let i = 0; i < x.length; i++) {
      const pointX = x[i] ?? Number.NaN;
      const pointY = y[i] ?? Number.NaN;
      minX = Math.min(minX, pointX);
      maxX = Math.max(maxX, pointX);
      minY = Math.min(minY, pointY);
      maxY = Math.max(maxY, pointY);
    }
  }
  return minX <= maxX ? { minX, minY, maxX, maxY } : undefined;
}

/** The same drawing with every point moved by `move`; times and labels stay. */
export function mapPoints(sketch: Sketch, move: (x: number, y: number) => readonly [number, number]): Sketch {
  const strokes = sketch.strokes.map((stroke) => {
    const moved = stroke.x.map((x, i) => move(x, stroke.y[i] ?? Number.NaN));
    return { ...stroke, x: moved.map(([x]) => x), y: moved.map(([, y]) => y) };
  });
  return { ...sketch, strokes };
}

/**
 * Scales (keeping the aspect) and centres a drawing in a square of `size` with `margin` left free on each side.
 * A drawing without extent goes to the middle, unscaled.
 */
export function fitInto(sketch: Sketch, size: number, margin: number): Sketch {
  const bounds = boundsOf(sketch);
  if (bounds === undefined) return sketch;
  const extent = Math.max(bounds.maxX - bounds.minX, bounds.maxY - bounds.minY);
  const fitting = (size - 2 * margin) / extent;
  // Of no extent, or of one so small that no number is large enough.
  const scale = Number.isFinite(fitting) ? fitting : 1;
  const centreX = (bounds.minX + bounds.maxX) / 2;
  const centreY = (bounds.minY + bounds.maxY) / 2;
  return mapPoints(sketch, (x, y) => [(x - centreX) * scale + size / 2, (y - centreY) * scale + size / 2]);
}
