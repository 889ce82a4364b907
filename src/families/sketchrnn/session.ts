import { z } from "zod";
import { at } from "../../base/at.ts";
import { checked } from "../../base/check.ts";
import { wholeNumber } from "../../base/numbers.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { sketchSchema, strokesSchema } from "../../sketch/schema.ts";
import { interpolationKeys } from "../interpolation.ts";
import { labelOf } from "../label.ts";
import {
  type DrawRequest,
  type drawKeys,
  followingKeys,
  type GeneratedSketch,
  type InterpolateRequest,
  type InterpolationEnd,
  MOST_DRAWINGS,
  type ReconstructRequest,
  seedKey,
} from "../request.ts";
import type { Session } from "../session.ts";
import { type Completion, completion } from "./complete.ts";
import { wholeDrawing } from "./decode.ts";
import { type DrawJob, type Drawn, openDrawer } from "./draw.ts";
import type { Head } from "./head.ts";
import { type Encoder, openEncoder } from "./open-encoder.ts";
import { weightsOf } from "./programs.ts";
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
  const { codeWidth } = config.network;
  const encoder = codeWidth ? openEncoder(config, codeWidth, weightsOf(head, model), runtime) : undefined;
  const whole: Completion = {
    prefix: NOTHING,
    finish: (steps) => wholeDrawing(config.learnt.scale, steps),
  };
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
    told: Pick<DrawJob<D>, "code" | "blend"> = {},
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
      ...told,
    };
    for await (const drawn of drawer.draw(job)) yield sketchOf(drawn);
  }

  return {
    sample(request) {
      checked(requestSchema, request, "sample");
      return sketches(request, whole);
    },
    complete(request) {
      checked(completeSchema, request, "complete");
      return sketches(request, completion(config, request));
    },
    ...(encoder && withCodes(encoder)),
    async dispose() {
      await drawer.dispose();
      await encoder?.dispose();
    },
  };

  /** What a model draws by the codes of drawings. */
  function withCodes({ codeOf }: Encoder): Pick<Session, "reconstruct" | "interpolate"> {
    const reconstructSchema = requestSchema.extend({ sketch: sketchSchema });
    const interpolateSchema = z.strictObject({ ...drawKeys, ...followingKeys, ...interpolationKeys });

    async function* reconstruct(request: ReconstructRequest): AsyncGenerator<GeneratedSketch> {
      labelOf(config, request.category);
      yield* sketches(request, whole, { code: await codeOf(request.sketch) });
    }

    /** Along a line between two codes, and between what two categories make of them. */
    async function* interpolate(request: InterpolateRequest): AsyncGenerator<GeneratedSketch> {
      const { from, to, count, onProgress, ...others } = request;
      const [own, other] = [labelOf(config, from.category), labelOf(config, to.category)];
      const codeAt = (end: InterpolationEnd, label: number) =>
        "seed" in end ? drawer.codeOf(end.seed, label, end.index ?? 0) : codeOf(end.sketch);
      const [before, after] = [await codeAt(from, own), await codeAt(to, other)];
      for (let index = 0; index < count; index++) {
        const share = index / (count - 1);
        const { category: word } = share < 0.5 ? from : to;
        const told = {
          code: before.map((value, i) => (1 - share) * value + share * at(after, i)),
          ...(other !== own && { blend: { label: other, share } }),
        };
        for await (const sketch of sketches({ ...others, category: from.category }, whole, told))
          yield { ...sketch, word, index };
        onProgress?.((index + 1) / count);
      }
    }

    return {
      reconstruct(request) {
        checked(reconstructSchema, request, "reconstruct");
        return reconstruct(request);
      },
      interpolate(request) {
        checked(interpolateSchema, request, "interpolate");
        return interpolate(request);
      },
    };
  }
}
