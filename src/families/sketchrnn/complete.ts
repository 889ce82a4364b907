import { at } from "../../base/at.ts";
import { UserError } from "../../base/errors.ts";
import { rounded } from "../../sketch/curve.ts";
import { prepared } from "../../sketch/encode.ts";
import { mapPoints, type Sketch, type Stroke } from "../../sketch/sketch.ts";
import type { CompleteRequest } from "../request.ts";
import { MARGIN, SIZE } from "../sheet.ts";
import { wholeDrawing } from "./decode.ts";
import type { SketchRnnConfig } from "./settings.ts";
import { SIDE, type Steps, scaled, sketchOf, stepsOf } from "./steps.ts";
import { penStates } from "./stroke5.ts";

/** Share of the points that what is there may take, so that there is room to go on. */
const MOST_TAKEN = 0.75;
/** A whole drawing fills the middle of the sheet; the network knows it larger. */
const SHEET_TO_NETWORK = SIDE / (SIZE - 2 * MARGIN);

/** What is there, as the steps that the network would have drawn, and how it is made whole. */
export interface Completion {
  /** Normalised. */
  readonly prefix: Steps;
  /** The given strokes, and those that further steps add, on the same sheet. */
  finish(added: Steps): Sketch;
}

/**
 * The given strokes are the first steps of the drawing: the network is told them one after the other, and goes on.
 * @throws UserError where they leave no room.
 */
export function completion(
  { network, learnt }: SketchRnnConfig,
  { strokes, open = false }: Pick<CompleteRequest, "strokes" | "open">,
): Completion {
  const { points } = network;
  const most = Math.floor(MOST_TAKEN * points);
  // What is still open is the last stroke, whatever the order.
  const strokeOrder = open ? "drawn" : network.strokeOrder;
  const there = prepared({ strokes }, { ...network, strokeOrder, points: most });
  const taken = stepsOf(there);
  const { length } = taken.pens;
  if (length >= most)
    throw new UserError(
      `the strokes take ${length + 1} points of the ${points} that this model has, expected at most ${most}; give fewer or simpler strokes.`,
      { code: "too-many-points" },
    );
  const pens = taken.pens.slice();
  if (open && length > 0) pens[length - 1] = penStates.down;
  const last = lastPoint(there.strokes);
  if (last === undefined)
    return {
      prefix: taken,
      finish: (added) => ({ strokes: [...strokes, ...wholeDrawing(learnt.scale, added).strokes] }),
    };
  return {
    prefix: { ...scaled(taken, SHEET_TO_NETWORK / learnt.scale), pens },
    finish(added) {
      const further = sketchOf(
        scaled(added, learnt.scale / SHEET_TO_NETWORK),
        open ? penStates.down : penStates.lifted,
      );
      const placed = mapPoints(rounded(further), (x, y) => [last.x + x, last.y + y]);
      return { strokes: [...strokes, ...placed.strokes] };
    },
  };
}

/** Where the pen is; undefined before the first stroke. */
function lastPoint(strokes: readonly Stroke[]): { readonly x: number; readonly y: number } | undefined {
  const last = strokes.findLast(({ x }) => x.length > 1);
  if (last === undefined) return undefined;
  const { x, y } = last;
  return { x: at(x, x.length - 1), y: at(y, y.length - 1) };
}
