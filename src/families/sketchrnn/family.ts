import type { z } from "zod";
import { at } from "../../base/at.ts";
import { checked } from "../../base/check.ts";
import {
  type AnyRun,
  type Family,
  type FamilySchemas,
  familySchemas,
  MODEL_FORMAT,
  type Problem,
} from "../family.ts";
import type { drawKeys } from "../request.ts";
import { requireSame, requireSameNetwork } from "../same-network.ts";
import { toSketchRnnOnnx } from "./export-onnx.ts";
import type { Head } from "./head.ts";
import { parametersOf } from "./programs.ts";
import { openSketchRnn } from "./session.ts";
import {
  type SketchRnnConfig,
  type SketchRnnDraws,
  type SketchRnnSettings,
  type SketchRnnTraining,
  sketchRnnLearnt,
  sketchRnnTraining,
} from "./settings.ts";
import { decoding } from "./task.ts";
import { encode } from "./training-set.ts";

/** A training run of a decoder. */
export interface SketchRnnRun<
  S extends SketchRnnSettings = SketchRnnSettings,
  D extends SketchRnnDraws = SketchRnnDraws,
> extends AnyRun {
  readonly network: S;
  readonly optimisation: { readonly decoder: SketchRnnTraining };
  readonly sampling: D;
}

/** What is needed to know of a head to make a family of it. */
export interface SketchRnnFamily<S extends SketchRnnSettings, D extends SketchRnnDraws> {
  readonly name: string;
  readonly schemas: {
    readonly runSchema: z.ZodObject;
    parseRun(value: unknown, name: string): SketchRnnRun<S, D>;
    parseModel(value: unknown, name: string): SketchRnnConfig<S, D>;
  };
  /** Of how models draw. */
  readonly sampling: z.ZodType<D>;
  readonly drawKeys: Partial<typeof drawKeys>;
  readonly head: Head<S, D>;
  readonly presets: Readonly<Record<string, SketchRnnRun<S, D>>>;
}

/** Schemas of a decoder's runs and models: `sketchRnnKeys` and what its head needs are its settings. */
export const sketchRnnSchemas = <S extends z.ZodObject, D extends z.ZodObject>(
  network: S,
  sampling: D,
  problems: (network: unknown, sampling: unknown) => Iterable<Problem> = () => [],
): FamilySchemas<S, { decoder: typeof sketchRnnTraining }, D, typeof sketchRnnLearnt> =>
  familySchemas({
    network,
    stages: { decoder: sketchRnnTraining },
    sampling,
    learnt: sketchRnnLearnt,
    problems,
  });

/** Refuses a model that a training of a run cannot begin with; a drawing's most points are no part of the network. */
function requireSameModel(
  { network, data }: Pick<SketchRnnRun, "network" | "data">,
  model: SketchRnnConfig,
): void {
  requireSame("categories", data.categories, model.categories);
  requireSameNetwork(network, model.network, ["points"]);
}

/** Makes a family of a decoder's head; training and drawing follow. */
export function sketchRnnFamily<S extends SketchRnnSettings, D extends SketchRnnDraws>({
  name,
  schemas,
  sampling,
  drawKeys,
  head,
  presets,
}: SketchRnnFamily<S, D>): Family<SketchRnnRun<S, D>, SketchRnnConfig<S, D>> {
  const { runSchema, parseRun, parseModel } = schemas;
  const parsed = (config: unknown) => parseModel(config, "the model (config)");
  const parameters = ({ network, categories }: Pick<SketchRnnConfig<S, D>, "network" | "categories">) =>
    parametersOf(head, network, categories.length);

  function drawsOf(config: SketchRnnConfig<S, D>, told: object): D {
    const given = Object.entries(told).filter(
      ([key, value]) => Object.hasOwn(drawKeys, key) && value !== undefined,
    );
    return checked(sampling, { ...config.sampling, ...Object.fromEntries(given) });
  }

  return {
    name,
    runSchema,
    presets,
    parseRun,
    parseModel,
    drawKeys,
    drawSettings: (config, told) => drawsOf(parsed(config), told),
    parameters: (config) => parameters(parsed(config)),
    leastBytes(config) {
      const { network } = parsed(config);
      const { hidden, classWidth, codeWidth = 0 } = network;
      const numbers = 4 * hidden * (hidden + classWidth + codeWidth) + hidden * head.width(network);
      return {
        bytes: Float32Array.BYTES_PER_ELEMENT * numbers,
        because: `hidden ${hidden}, classWidth ${classWidth} and codeWidth ${codeWidth}`,
      };
    },
    requireStart(anyRun, from) {
      const { network, data } = parseRun(anyRun, "the configuration");
      if (from) requireSameModel({ network, data }, parsed(from.config));
    },
    training(anyRun, drawings, from) {
      const { network, data, optimisation, sampling: draws } = parseRun(anyRun, "the configuration");
      const trained = from && parsed(from.config);
      if (trained) requireSameModel({ network, data }, trained);
      const { categories } = data;
      const { set, scale, left } = encode(drawings, network, trained?.learnt.scale);
      const { decoder } = optimisation;
      const start = from?.weights;
      const task = decoding(head, network, decoder, categories, set);
      const config = { format: MODEL_FORMAT, categories, network, learnt: { scale }, sampling: draws };
      return {
        left,
        stages: [
          { name: "decoder", optimisation: decoder, begin: () => ({ ...task, ...(start && { start }) }) },
        ],
        model: (weights) => ({ config, weights: at(weights, 0) }),
      };
    },
    open: ({ config, weights }, runtime) =>
      openSketchRnn({ head, drawKeys, drawsOf }, { config: parsed(config), weights }, runtime),
    exportOnnx: ({ config, weights }) => toSketchRnnOnnx(head, { config: parsed(config), weights }),
  };
}
