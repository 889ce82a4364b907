import { at } from "../base/at.ts";

/** A vertical axis: what it spans and where it is marked (how many marks, or which). */
export interface Scale {
  readonly type: "linear" | "log";
  readonly domain: readonly [number, number];
  readonly ticks: number | readonly number[];
}

/** Values that fall by this factor get a logarithmic axis. */
const LOG_FROM = 8;
/** The share of values at either end that may lie off the axis, so that one spike does not flatten the rest. */
const RARE = 0.01;

/** The least and the greatest of `values`, but for the `rare` share at either end; `[0, 1]` without values. */
export function extent(values: readonly number[], rare = 0): [number, number] {
  if (values.length === 0) return [0, 1];
  const sorted = Float64Array.from(values).sort();
  const last = sorted.length - 1;
  return [at(sorted, Math.ceil(rare * last)), at(sorted, Math.floor((1 - rare) * last))];
}

/** 1, 2 and 5 times the powers of ten within a range; the powers alone where it spans more than two of them. */
function logTicks(low: number, high: number): number[] {
  const digits = high / low > 100 ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++)
    for (const digit of digits) ticks.push(Number(`${digit}e${power}`));
  return ticks.filter((tick) => tick >= low && tick <= high);
}

/** The axis for a loss: all of its smoothed values and nearly all of its single ones. */
export function lossScale(single: readonly number[], smoothed: readonly number[]): Scale {
  const [smoothLow, smoothHigh] = extent(smoothed);
  const [usualLow, usualHigh] = extent(single, RARE);
  const low = Math.min(smoothLow, usualLow);
  const high = Math.max(smoothHigh, usualHigh);
  const top = 1.05 * high;
  if (low > 0 && smoothHigh / smoothLow >= LOG_FROM) {
    const bottom = low / 1.1;
    return { type: "log", domain: [bottom, top], ticks: logTicks(bottom, top) };
  }
  return { type: "linear", domain: [Math.min(0, low), high > 0 ? top : 1], ticks: 5 };
}
