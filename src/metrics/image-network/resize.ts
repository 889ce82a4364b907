import { at } from "../../base/at.ts";

/** How one axis of a picture is resampled: value i of the result is a weighted sum from value `start[i]` on. */
export interface Resampling {
  readonly from: number;
  readonly start: Int32Array;
  /** One row of weights, which sum to 1, for each value of the result. */
  readonly weights: readonly Float64Array[];
}

/** Catmull and Rom's cubic (Keys 1981 with a = -0.5), which Pillow calls BICUBIC. */
function cubic(x: number): number {
  const distance = Math.abs(x);
  if (distance < 1) return (1.5 * distance - 2.5) * distance * distance + 1;
  if (distance < 2) return ((-0.5 * distance + 2.5) * distance - 4) * distance + 2;
  return 0;
}

const CUBIC_REACH = 2;

/**
 * Cubic interpolation from `from` to `to` values, widened by the scale where it shrinks so that nothing aliases:
 * Pillow's `resize` with BICUBIC. At the borders the weights of what lies inside are scaled to sum to 1.
 */
export function bicubic(from: number, to: number): Resampling {
  const scale = from / to;
  const width = Math.max(scale, 1);
  const reach = CUBIC_REACH * width;
  const start = new Int32Array(to);
  const weights = Array.from(start, (_, i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - reach + 0.5));
    start[i] = first;
    const end = Math.min(from, Math.floor(centre + reach + 0.5));
    const row = Float64Array.from({ length: end - first }, (_, tap) =>
      cubic((first + tap + 0.5 - centre) / width),
    );
    const total = row.reduce((sum, weight) => sum + weight, 0);
    return row.map((weight) => weight / total);
  });
  return { from, start, weights };
}

/**
 * Linear interpolation from `from` to `to` values between the two nearest, also where it shrinks: PyTorch's
 * `interpolate` with mode "bilinear", align_corners=False and antialias=False.
 */
export function bilinear(from: number, to: number): Resampling {
  const start = new Int32Array(to);
  const weights = Array.from(start, (_, i) => {
    const position = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5));
    const first = Math.floor(position);
    start[i] = first;
    const rest = position - first;
    return rest > 0 ? Float64Array.of(1 - rest, rest) : Float64Array.of(1);
  });
  return { from, start, weights };
}

/**
 * Resamples a row-major picture, `rows.from` x `columns.from`, along its rows and then along its columns; what comes
 * between is float32, as in Pillow's pictures of mode F.
 */
export function resize(picture: Float32Array, rows: Resampling, columns: Resampling): Float32Array {
  const width = columns.start.length;
  const narrowed = new Float32Array(rows.from * width);
  for (const [column, weights] of columns.weights.entries()) {
    const start = at(columns.start, column);
    for (let row = 0; row < rows.from; row++) {
      const first = row * columns.from + start;
      let sum = 0;
      for (let tap = 0; tap < weights.length; tap++) sum += (weights[tap] ?? 0) * (picture[first + tap] ?? 0);
      narrowed[row * width + column] = sum;
    }
  }
  const resized = new Float32Array(rows.start.length * width);
  for (const [row, weights] of rows.weights.entries()) {
    const start = at(rows.start, row);
    for (let column = 0; column < width; column++) {
      const first = start * width + column;
      let sum = 0;
      for (let tap = 0; tap < weights.length; tap++)
        sum += (weights[tap] ?? 0) * (narrowed[first + tap * width] ?? 0);
      resized[row * width + column] = sum;
    }
  }
  return resized;
}
