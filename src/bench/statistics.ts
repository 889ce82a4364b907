import { at } from "../base/at.ts";

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? at(sorted, middle) : (at(sorted, middle - 1) + at(sorted, middle)) / 2;
}

/** Largest memory of this process so far, in GiB. */
export const peakMemory = (): number => process.resourceUsage().maxRSS / 2 ** 20;

/** A figure with three significant digits. */
export const figure = (value: number): number => Number(value.toPrecision(3));
