import { z } from "zod";
import { checked } from "../../base/check.ts";
import { wholeNumber } from "../../base/numbers.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { strokesSchema } from "../../sketch/schema.ts";
import { labelOf } from "../denoiser/draw-settings.ts";
import {
  type DrawRequest,
  type drawKeys,
  followingKeys,
  type GeneratedSketch,
  MOST_DRAWINGS,
  seedKey,
} from "../request.ts";
import type { Session } from "../session.ts";
import { type Completion, completion } from "./complete.ts";
import { wholeDrawing } from "./decode.ts";
import { type Drawn, openDrawer } from "./draw.ts";
import type { Head } from "./head.ts";
import type { SketchRnnConfig, SketchRnnDraws, SketchRnnModel, SketchRnnSettings } from "./settings.ts";

/** What a session has to know of its family. */
export interface SketchRnn<S extends SketchRnnSettings, D extends SketchRnnDraws> {
  readonly head: Head<S, D>;
  readonly drawKeys: Partial<typeof drawKeys>;
  /** How a model draws: as it is told, else in its own way. */
  drawsOf(config: SketchRnnConfig<S, D>, told: DrawRequest): D;
}

/** Nothing is there. */
const NOTHING = { offsets: new Float32Array(0), pens: new Float32Array(0) };

/** Keeps the compiled network from one request to the next, as long as they ask for as many drawings. */
export function openSketchRnn<S extends SketchRnnSettings, D extends SketchRnnDraws>(
  { head, drawKeys, drawsOf }: SketchRnn<S, D>,
  model: SketchRnnModel<S, D>,
  runtime: Runtime,
): Session {
  const { config } = model;
  const drawer = openDrawer(head, model, runtime);
  const requestSchema = z.strictObject({
    category: z.string(),
    count: wholeNumber(0, MOST_DRAWINGS).optional(),
    seed: seedKey.optional(),
    ...drawKeys,
    ...followingKeys,
  });
  const completeSchema = requestSchema.extend({ strokes: strokesSchema, open: z.boolean().optional() });

  async function* sketches(
    request: DrawRequest,
    { prefix, finish }: Completion,
  ): AsyncGenerator<GeneratedSketch> {
    const { category: word, count = 1, seed = 0, onProgress, onStep, signal } = request;
    const sketchOf = ({ steps, index }: Drawn) => ({ ...finish(steps), word, seed, index });
    const onDrawn = (drawn: readonly Drawn[]) => {
      const sofar = drawn.map(sketchOf);
      onStep?.({ noisy: sofar, estimates: sofar });
    };
    const job = {
      label: labelOf(config, word),
      count,
      seed,
      draws: drawsOf(config, request),
      prefix,
      onProgress,
      onDrawn: onStep && onDrawn,
      signal,
    };
    for await (const drawn of drawer.draw(job)) yield sketchOf(drawn);
  }

  return {
    sample(request) {
      checked(requestSchema, request, "sample");
      const finish = (steps: Drawn["steps"]) => wholeDrawing(config.learnt.scale, steps);
      return sketches(request, { prefix: NOTHING, finish });
    },
    complete(request) {
      checked(completeSchema, request, "complete");
      return sketches(request, completion(config, request));
    },
    dispose: drawer.dispose,
  };
}
