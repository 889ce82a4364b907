import { checked } from "../../base/check.ts";
import { UserError } from "../../base/errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { simplify } from "../../sketch/simplify.ts";
import type { Sketch, Stroke } from "../../sketch/sketch.ts";
import { completeSchema } from "../denoiser/complete.ts";
import { askedFor, requestSchema } from "../denoiser/draw-settings.ts";
import { scheduleOf } from "../denoiser/schedule.ts";
import type { Session } from "../session.ts";
import { fitSheet, fromSheet, toSheet } from "../sheet.ts";
import { draw, type StrokeJob } from "./draw.ts";
import { openPrograms } from "./programs.ts";
import type { StrokeModel } from "./settings.ts";
import { denormalised, normalised } from "./statistics.ts";
import { numbersOf, numbersOfStrokes, strokeOfNumbers } from "./strokes.ts";

/** In pixels of 256, as Quick, Draw! simplifies its drawings: points that lie this near to a line are left out. */
const EPSILON = 2;

/** Draws whole drawings, and goes on from strokes that are given: they are the context of those that follow. */
export function openStrokes({ config, weights }: StrokeModel, runtime: Runtime): Session {
  const { categories, network, learnt } = config;
  const programs = openPrograms({ ...network, classes: categories.length }, weights, runtime);
  const { alphaBars } = scheduleOf(network);
  const drawings = (job: Omit<StrokeJob, "alphaBars">) =>
    draw(programs, config, runtime.mostRows, { ...job, alphaBars });

  /** Strokes where the network drew them, the longer side of the whole from -1 to 1. */
  const placed = (strokes: readonly Float32Array[]): Sketch => ({
    strokes: strokes.map((numbers) => strokeOfNumbers(denormalised(numbers, learnt), network)),
  });

  /** The first numbers of a stroke that begins where another ends. */
  const startAt = (before: Stroke | undefined): Float32Array | undefined =>
    before && normalised(Float32Array.from([before.x, before.y].flatMap((row) => row.slice(-1))), learnt);

  return {
    sample(request) {
      checked(requestSchema, request, "sample");
      return drawings({
        ...askedFor(config, request),
        given: [],
        finish: (strokes) => simplify(fitSheet(placed(strokes)), EPSILON),
        underWay: (strokes) => simplify(toSheet(placed(strokes)), EPSILON),
      });
    },
    complete(request) {
      checked(completeSchema, request, "complete");
      const { strokes, open = false } = request;
      const asked = askedFor(config, request);
      const seen = strokes.filter(({ x }) => x.length > 1);
      if (seen.length >= network.strokes)
        throw new UserError(
          `the drawing has ${seen.length} strokes, this model draws at most ${network.strokes}; give at most ${network.strokes - 1}.`,
          { code: "too-many-strokes" },
        );
      // A stroke that goes on does so where its pen is.
      const strokeOrder = open ? "drawn" : network.strokeOrder;
      const there = fromSheet({ strokes: seen });
      const numbers = normalised(numbersOfStrokes(there, { ...network, strokeOrder }), learnt);
      const size = numbersOf(network);
      const given = seen.map((_, i) => numbers.subarray(i * size, (i + 1) * size));
      const added = (all: readonly Float32Array[]) => ({
        strokes: [...strokes, ...simplify(toSheet(placed(all.slice(given.length))), EPSILON).strokes],
      });
      return drawings({
        ...asked,
        given,
        start: open ? startAt(there.strokes.at(-1)) : undefined,
        finish: added,
        underWay: added,
      });
    },
    dispose: programs.dispose,
  };
}
