import type { Stroke } from "../sketch/sketch.ts";
import { decimal } from "./markup.ts";

const HUNDREDTHS = 100;

const hundredths = (value: number | undefined): number => {
  if (value === undefined || !Number.isFinite(value))
    throw new RangeError(`a point to draw must be finite, found ${value}`);
  return Math.round(value * HUNDREDTHS);
};

/** Two numbers of path data; a minus sign separates as well as a blank does. */
const pair = (x: number, y: number): string => {
  const second = decimal(y / HUNDREDTHS);
  return decimal(x / HUNDREDTHS) + (second.startsWith("-") ? "" : " ") + second;
};

/**
 * SVG path data of a stroke, rounded to hundredths: where it starts, then steps from point to point, which are
 * taken between rounded points so that rounding does not add up. A stroke without extent becomes a line of no
 * length, which round caps show as a dot.
 * @throws RangeError for a coordinate that is not finite.
 */
export function strokePath({ x, y }: Stroke): string {
  if (x.length === 0) return "";
  let atX = hundredths(x[0]);
  let atY = hundredths(y[0]);
  const start = `M${pair(atX, atY)}`;
  const steps: string[] = [];
  for (let i = 1; i < x.length; i++) {
    const toX = hundredths(x[i]);
    const toY = hundredths(y[i]);
    if (toX === atX && toY === atY) continue;
    steps.push(pair(toX - atX, toY - atY));
    atX = toX;
    atY = toY;
  }
  if (steps.length === 0) return `${start}h0`;
  return `${start}l${steps.reduce((path, step) => path + (step.startsWith("-") ? "" : " ") + step)}`;
}
