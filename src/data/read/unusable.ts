import { pointCount, type Sketch } from "../../sketch/sketch.ts";
import { howToRaise } from "../limits.ts";
import type { Problem } from "./report.ts";

/** Screens have thousands of pixels; differences and squares of such numbers are still exact enough in any format. */
const FARTHEST = 1e9;
const isNear = (value: number): boolean => Math.abs(value) <= FARTHEST;

/** Why a drawing that is well written can be no drawing of a person; undefined for one that may be. */
export function unusable(sketch: Sketch, mostPoints: number): Problem | undefined {
  const points = pointCount(sketch);
  if (points > mostPoints)
    return {
      reason: "too many points",
      found: `${points} of them, expected at most ${mostPoints}; ${howToRaise("points")}`,
    };
  for (const { x, y } of sketch.strokes) {
    const far = x.findIndex((value, i) => !isNear(value) || !isNear(y[i] ?? Number.NaN));
    if (far >= 0)
      return {
        reason: "coordinates out of range",
        found: `has a point at (${x[far]}, ${y[far]}), expected from -${FARTHEST} to ${FARTHEST}`,
      };
  }
  return undefined;
}
