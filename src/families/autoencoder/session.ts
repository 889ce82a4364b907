import { z } from "zod";
import { at } from "../../base/at.ts";
import { checked, type KeysOf } from "../../base/check.ts";
import { collect } from "../../base/collect.ts";
import { joined } from "../../base/joined.ts";
import { type RandomStream, streams } from "../../base/random.ts";
import type { RowsProgram, Runtime } from "../../runtime/runtime.ts";
import { sketchSchema } from "../../sketch/schema.ts";
import type { Sketch } from "../../sketch/sketch.ts";
import type { Optimisation } from "../../training/optimisation.ts";
import { noiseOf } from "../denoiser/diffuse.ts";
import { type DrawJob, type Drawn, drawerOf } from "../denoiser/draw.ts";
import {
  type Asked,
  askedFor,
  drawSettingsOf,
  requestKeys,
  requestSchema,
} from "../denoiser/draw-settings.ts";
import { interpolateSchema } from "../denoiser/interpolate.ts";
import { normalisationBetween, normalisationOf } from "../denoiser/normalisation.ts";
import { openPrograms } from "../denoiser/programs.ts";
import { rowOf } from "../denoiser/row.ts";
import { scheduleOf } from "../denoiser/schedule.ts";
import { labelOf } from "../label.ts";
import type {
  DrawRequest,
  GeneratedSketch,
  InterpolateRequest,
  InterpolationEnd,
  ReconstructRequest,
  Step,
} from "../request.ts";
import type { Session } from "../session.ts";
import { type Autoencoder, partsOf, sizedPrior } from "./autoencoder.ts";
import { compileEncoder } from "./encode.ts";
import type { CodeModel, CodeSettings } from "./settings.ts";
import { denormalised } from "./statistics.ts";

/** Codes that are drawn before any of them is decoded, at most. */
const MOST_CODES = 256;

/** What of a request codes are drawn by. */
type CodesWanted = Pick<DrawJob, "category" | "seed" | "settings" | "signal" | "onProgress" | "onRows">;

const { category, onProgress, onStep, signal } = requestKeys;
/** Of a decoder that makes one drawing of a code, whatever the settings. */
const directSchema = z.strictObject({ category, onProgress, onStep, signal, sketch: sketchSchema });
const reconstructSchema = z.strictObject({ ...requestKeys, sketch: sketchSchema } satisfies KeysOf<
  Asked<ReconstructRequest>
>);

/** Draws codes by the prior, and drawings of codes by the decoder. */
export function openAutoencoder<S extends CodeSettings, T extends Optimisation>(
  autoencoder: Autoencoder<S, T>,
  { config, weights }: CodeModel<S>,
  runtime: Runtime,
): Session {
  const { categories, network, learnt } = config;
  const parts = partsOf(autoencoder, config, weights);
  const prior = sizedPrior(autoencoder, config);
  const size = prior.sizes.points * prior.sizes.channels;
  const programs = openPrograms(prior, parts.prior, categories, runtime);
  const drawer = drawerOf(
    { categories, sizes: prior.sizes, stream: streams.code },
    programs,
    runtime.mostRows,
  );
  const decoder = autoencoder.openDecoder(config, parts.decoder, runtime);
  const { alphaBars } = scheduleOf(network);
  let encoder: Promise<RowsProgram<"codes">> | undefined;

  const codesIn = (drawn: readonly Drawn[]): Float32Array =>
    denormalised(joined(drawn.map(({ row }) => row)), learnt.codes);

  async function codesFor(wanted: CodesWanted, first: number, count: number): Promise<Float32Array> {
    const begin = (stream: RandomStream) => noiseOf(stream, size);
    return codesIn(await collect(drawer.draw({ ...wanted, alphaBars, begin, first, count })));
  }

  async function codeOf(word: string, sketch: Sketch): Promise<Float32Array> {
    labelOf(config, word);
    const row = rowOf({ network: { ...network, pen: "channel" }, learnt }, word, sketch);
    encoder ??= compileEncoder(autoencoder, network, parts.encoder, 1, runtime);
    const { rows, run } = await encoder;
    const drawings = new Float32Array(rows * row.length);
    drawings.set(row);
    const { codes } = await run({ drawings });
    return codes.slice(0, size);
  }

  /** Draws by codes, some of them after the other. */
  async function* inTurn(
    request: DrawRequest,
    codesOf: (wanted: CodesWanted, first: number, count: number) => Promise<Float32Array>,
  ): AsyncGenerator<GeneratedSketch> {
    const { count: all, onProgress: report, onStep: show, ...asked } = askedFor(config, request);
    const common = { ...asked, normalisation: normalisationOf(config, asked.category) };
    for (let first = 0; first < all; first += MOST_CODES) {
      const count = Math.min(MOST_CODES, all - first);
      const progress = (share: number) => report?.((first + share * count) / all);
      const decoded = (drawn: readonly Drawn[]) =>
        collect(
          decoder.decode({
            ...common,
            first: at(drawn, 0).index,
            count: drawn.length,
            codes: codesIn(drawn),
          }),
        );
      const seen = async ({ noisy, estimates }: Step<Drawn>) =>
        show?.({ noisy: await decoded(noisy), estimates: await decoded(estimates) });
      // Whichever takes the time is followed.
      const [byPrior, byDecoder] = decoder.direct
        ? [{ onProgress: progress, onRows: show && seen }, {}]
        : [{}, { onProgress: progress, onStep: show }];
      const codes = await codesOf({ ...asked, ...byPrior }, first, count);
      yield* decoder.decode({ ...common, ...byDecoder, first, count, codes });
    }
  }

  /** Along a line between two codes. */
  async function* interpolate(request: InterpolateRequest): AsyncGenerator<GeneratedSketch> {
    checked(interpolateSchema, request, "interpolate");
    const { from, to, count, onProgress: report, onStep: show, signal: stop, ...told } = request;
    const settings = drawSettingsOf(config, { ...told, eta: 0 });
    const codeAt = (end: InterpolationEnd) =>
      "seed" in end
        ? codesFor({ ...end, settings, signal: stop }, end.index ?? 0, 1)
        : codeOf(end.category, end.sketch);
    const [before, after] = [await codeAt(from), await codeAt(to)];
    for (let index = 0; index < count; index++) {
      const share = index / (count - 1);
      const { category: word } = share < 0.5 ? from : to;
      const drawn = decoder.decode({
        category: from.category,
        ...(to.category !== from.category && { blend: { category: to.category, share } }),
        normalisation: normalisationBetween(config, from.category, to.category, share),
        seed: 0,
        first: 0,
        count: 1,
        codes: before.map((value, i) => (1 - share) * value + share * at(after, i)),
        settings,
        signal: stop,
        onStep: show,
      });
      for await (const sketch of drawn) yield { ...sketch, word, index };
      report?.((index + 1) / count);
    }
  }

  return {
    sample(request) {
      checked(requestSchema, request, "sample");
      return inTurn(request, codesFor);
    },
    reconstruct(request) {
      checked(decoder.direct ? directSchema : reconstructSchema, request, "reconstruct");
      return inTurn(request, async (wanted, _first, count) => {
        const code = await codeOf(wanted.category, request.sketch);
        return joined(Array.from({ length: count }, () => code));
      });
    },
    interpolate,
    async dispose() {
      await programs.dispose();
      await decoder.dispose();
      await (await encoder)?.dispose();
      encoder = undefined;
    },
  };
}
