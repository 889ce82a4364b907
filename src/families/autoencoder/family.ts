import type { z } from "zod";
import { at } from "../../base/at.ts";
import { UserError } from "../../base/errors.ts";
import { joined } from "../../base/joined.ts";
import type { Optimisation } from "../../training/optimisation.ts";
import { drawSettingsOf, settingKeys } from "../denoiser/draw-settings.ts";
import { normalisationsOf } from "../denoiser/normalisation.ts";
import { scheduleOf } from "../denoiser/schedule.ts";
import { type DenoiserSampling, denoiserSampling, stepProblems } from "../denoiser/settings.ts";
import { contentOf, encodeDrawings } from "../denoiser/training-set.ts";
import {
  type AnyRun,
  type Family,
  type FamilySchemas,
  familySchemas,
  MODEL_FORMAT,
  type Problem,
} from "../family.ts";
import { type Autoencoder, codeParameters, sizedPrior } from "./autoencoder.ts";
import { encodeAll } from "./encode.ts";
import { toCodeOnnx } from "./export-onnx.ts";
import { priorTask } from "./prior.ts";
import { openAutoencoder } from "./session.ts";
import {
  type CodeConfig,
  type CodeSettings,
  codeLearnt,
  codeSettings,
  type PriorTraining,
  priorTraining,
} from "./settings.ts";
import { identity, normalised, statisticsOf } from "./statistics.ts";

/** A training run of an autoencoder and of the prior of its codes. */
export interface CodeRun<S extends CodeSettings = CodeSettings, T extends Optimisation = Optimisation>
  extends AnyRun {
  readonly network: S;
  readonly optimisation: { readonly autoencoder: T; readonly prior: PriorTraining };
  readonly sampling: DenoiserSampling;
}

/** What is needed to know of an autoencoder to make a family of it. */
export interface AutoencoderFamily<S extends CodeSettings, T extends Optimisation> {
  readonly name: string;
  readonly schemas: {
    readonly runSchema: z.ZodObject;
    parseRun(value: unknown, name: string): CodeRun<S, T>;
    parseModel(value: unknown, name: string): CodeConfig<S>;
  };
  readonly autoencoder: Autoencoder<S, T>;
  readonly presets: Readonly<Record<string, CodeRun<S, T>>>;
  /** The least numbers that the networks hold to make one drawing, without compiling them, and the sizes that ask for them. */
  least(config: CodeConfig<S>): { readonly numbers: number; readonly because: string };
}

/** Schemas of the runs and models of an autoencoder: `codeKeys` and its own sizes are its settings. */
export const autoencoderSchemas = <S extends z.ZodObject, T extends z.ZodObject>(
  settings: S,
  training: T,
  problems: (sizes: z.output<S>) => Iterable<Problem>,
): FamilySchemas<
  S,
  { autoencoder: T; prior: typeof priorTraining },
  typeof denoiserSampling,
  typeof codeLearnt
> =>
  familySchemas({
    network: settings,
    stages: { autoencoder: training, prior: priorTraining },
    sampling: denoiserSampling,
    learnt: codeLearnt,
    *problems(network, sampling) {
      const own = settings.safeParse(network);
      if (own.success) yield* problems(own.data);
      const [shared, draws] = [codeSettings.safeParse(network), denoiserSampling.safeParse(sampling)];
      if (shared.success && draws.success) yield* stepProblems(shared.data, draws.data);
    },
  });

/** Makes a family of an autoencoder; training of both stages and drawing follow. */
export function autoencoderFamily<S extends CodeSettings, T extends Optimisation>(
  family: AutoencoderFamily<S, T>,
): Family<CodeRun<S, T>, CodeConfig<S>> {
  const { name, schemas, presets, autoencoder } = family;
  const { runSchema, parseRun } = schemas;

  function parseModel(value: unknown, from: string): CodeConfig<S> {
    const config = schemas.parseModel(value, from);
    const { normalisation, codes } = config.learnt;
    normalisationsOf(config.categories, normalisation, `${from}: `);
    const { channels } = autoencoder.codeShape(config.network);
    for (const [key, { length }] of Object.entries(codes))
      if (length !== channels)
        throw new UserError(`${from}: learnt.codes.${key}: expected ${channels} numbers, found ${length}.`);
    return config;
  }
  const checkedModel = (config: object): CodeConfig<S> => parseModel(config, "the model (config)");

  return {
    name,
    runSchema,
    presets,
    parseRun,
    parseModel,
    parameters: (config) => codeParameters(autoencoder, checkedModel(config)),
    leastBytes(config) {
      const { numbers, because } = family.least(checkedModel(config));
      return { bytes: Float32Array.BYTES_PER_ELEMENT * numbers, because };
    },
    drawKeys: settingKeys,
    drawSettings: (config, told) => drawSettingsOf(checkedModel(config), told),
    requireStart(_run, from) {
      if (from)
        throw new UserError(`a model of the family ${name} is trained from the beginning; leave --from out.`);
    },
    training(anyRun, drawings) {
      const run = parseRun(anyRun, "the configuration");
      const { network, optimisation, sampling } = run;
      const { categories } = run.data;
      const { set, normalisation, left } = encodeDrawings(network, drawings);
      const { family: _, simplify: __, ...sizes } = network;
      const common = { drawings: set.labels.length, content: contentOf(set) };
      const bound = ({ batchSize, seed }: Optimisation) => ({ categories, ...sizes, batchSize, seed });
      let statistics = identity(autoencoder.codeShape(network).channels);
      return {
        left,
        stages: [
          {
            name: "autoencoder",
            optimisation: optimisation.autoencoder,
            share: 1 - autoencoder.priorShare,
            begin: () => ({
              ...common,
              bound: bound(optimisation.autoencoder),
              ...autoencoder.task(network, categories.length, optimisation.autoencoder, set),
            }),
          },
          {
            name: "prior",
            optimisation: optimisation.prior,
            share: autoencoder.priorShare,
            async begin(before, runtime) {
              const codes = await encodeAll(autoencoder, network, at(before, 0), set, runtime);
              statistics = statisticsOf(codes, autoencoder.codeShape(network).channels);
              const codeSet = { codes: normalised(codes, statistics), labels: set.labels };
              const prior = sizedPrior(autoencoder, { network, categories });
              return {
                ...common,
                bound: bound(optimisation.prior),
                ...priorTask(prior, scheduleOf(network).alphaBars, optimisation.prior, codeSet),
              };
            },
          },
        ],
        model(weights) {
          const learnt = { normalisation: normalisationsOf(categories, normalisation), codes: statistics };
          return {
            config: { format: MODEL_FORMAT, categories, network, learnt, sampling },
            weights: joined(weights),
          };
        },
      };
    },
    open: ({ config, weights }, runtime) =>
      openAutoencoder(autoencoder, { config: checkedModel(config), weights }, runtime),
    exportOnnx: ({ config, weights }) => toCodeOnnx(autoencoder, { config: checkedModel(config), weights }),
  };
}
