import { at } from "../base/at.ts";

/** Values as whole numbers from -127 to 127, a quarter of float32's bytes, with a factor for each row. */
export interface Int8Rows {
  readonly data: Int8Array<ArrayBuffer>;
  /** What a row's numbers are multiplied by. */
  readonly scales: Float32Array<ArrayBuffer>;
}

const LARGEST = 127;

/** Rows of equal length, each rounded to so fine steps as its largest value allows. */
export function toInt8(values: Float32Array, rows: number): Int8Rows {
  const size = values.length / rows;
  const data = new Int8Array(values.length);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const own = values.subarray(row * size, (row + 1) * size);
    const scale = own.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) / LARGEST;
    scales[row] = scale;
    if (scale > 0)
      data.set(
        Array.from(own, (value) => Math.round(value / scale)),
        row * size,
      );
  }
  return { data, scales };
}

/** The values again, each within half a step of what it was. */
export function fromInt8({
  data,
  scales,
}: {
  readonly data: Int8Array;
  readonly scales: Float32Array;
}): Float32Array {
  const size = data.length / scales.length;
  return Float32Array.from(data, (step, i) => step * at(scales, Math.floor(i / size)));
}
