import type { z } from "zod";
import { at } from "../../base/at.ts";
import { topologicalOrder } from "../../graph/gradient.ts";
import {
  type AnyModel,
  type AnyRun,
  type Family,
  type FamilySchemas,
  familySchemas,
  MODEL_FORMAT,
  type Problem,
} from "../family.ts";
import { adaptingOf } from "./adapting.ts";
import { distillation, studentOf } from "./distillation.ts";
import { drawSettingsOf, settingKeys } from "./draw-settings.ts";
import { toDenoiserOnnx } from "./export-onnx.ts";
import { buildDenoiser, buildNetwork, type DenoiserNetwork, parametersOf, sizesOf } from "./network.ts";
import { type Normalisations, normalisationsOf } from "./normalisation.ts";
import { scheduleOf } from "./schedule.ts";
import { scheduler } from "./scheduler.ts";
import { openDenoiser } from "./session.ts";
import {
  type DenoiserConfig,
  type DenoiserModel,
  type DenoiserSampling,
  type DenoiserSettings,
  type DenoiserTraining,
  denoiserLearnt,
  denoiserProblems,
  denoiserSampling,
  denoiserSettings,
  denoiserTraining,
} from "./settings.ts";
import { type Grow, startOf } from "./start.ts";
import { denoising, requireUnconditioned } from "./task.ts";
import { encodeDrawings } from "./training-set.ts";

/** A training run of a denoiser. */
export interface DenoiserRun<S extends DenoiserSettings = DenoiserSettings> extends AnyRun {
  readonly network: S;
  readonly optimisation: { readonly denoiser: DenoiserTraining };
  readonly sampling: DenoiserSampling;
}

/** What is needed to know of a network that takes the noise off drawings to make a family of it. */
export interface DenoiserFamily<S extends DenoiserSettings> {
  readonly name: string;
  readonly schemas: {
    readonly runSchema: z.ZodObject;
    parseNetwork(value: unknown, name: string): S;
    parseRun(value: unknown, name: string): DenoiserRun<S>;
    parseModel(value: unknown, name: string): DenoiserConfig<S>;
  };
  readonly network: DenoiserNetwork<S>;
  readonly presets: Readonly<Record<string, DenoiserRun<S>>>;
  /** The least numbers that the network holds to make one drawing, without compiling it, and the sizes that ask for them. */
  least(config: DenoiserConfig<S>): { readonly numbers: number; readonly because: string };
  /** How a network begins with the weights of one of other sizes; without it they have to be the same. */
  readonly grow?: Grow<S>;
}

/** Schemas of a denoiser's runs and models: `denoiserKeys` and its own sizes are its settings. */
export const denoiserSchemas = <S extends z.ZodObject>(
  settings: S,
  problems: (sizes: z.output<S>) => Iterable<Problem> = () => [],
): FamilySchemas<S, { denoiser: typeof denoiserTraining }, typeof denoiserSampling, typeof denoiserLearnt> =>
  familySchemas({
    network: settings,
    stages: { denoiser: denoiserTraining },
    sampling: denoiserSampling,
    learnt: denoiserLearnt,
    *problems(network, sampling) {
      const own = settings.safeParse(network);
      if (own.success) yield* problems(own.data);
      const [shared, draws] = [denoiserSettings.safeParse(network), denoiserSampling.safeParse(sampling)];
      if (shared.success && draws.success) yield* denoiserProblems(shared.data, draws.data);
    },
  });

/** Makes a family of a denoising network; training, drawing, distilling and exporting follow. */
export function denoiserFamily<S extends DenoiserSettings>(
  family: DenoiserFamily<S>,
): Family<DenoiserRun<S>, DenoiserConfig<S>> {
  const { name, network, presets, schemas } = family;
  const { parseRun } = schemas;
  const sized = (config: Pick<DenoiserConfig<S>, "network" | "categories">) => ({
    network,
    sizes: sizesOf(config),
  });

  function parseModel(value: unknown, from: string) {
    const config = schemas.parseModel(value, from);
    normalisationsOf(config.categories, config.learnt.normalisation, `${from}: `);
    return config;
  }
  const opened = ({ config, weights, guide }: AnyModel): DenoiserModel<S> => ({
    config: parseModel(config, "the model (config)"),
    weights,
    ...(guide && { guide }),
  });

  return {
    name,
    runSchema: schemas.runSchema,
    presets,
    parseRun,
    parseModel,
    parameters: (config) => parametersOf(sized(parseModel(config, "the model (config)"))),
    leastBytes(config) {
      const { numbers, because } = family.least(parseModel(config, "the model (config)"));
      return { bytes: Float32Array.BYTES_PER_ELEMENT * numbers, because };
    },
    drawKeys: settingKeys,
    drawSettings: (config, told) => drawSettingsOf(parseModel(config, "the model (config)"), told),
    requireStart(anyRun, from) {
      const run = parseRun(anyRun, "the configuration");
      requireUnconditioned(run.network);
      if (from === undefined) return;
      const { config, weights } = opened(from);
      const wanted = { ...config, network: run.network, categories: run.data.categories };
      startOf(family, { config, weights }, wanted, run.optimisation.denoiser.seed);
    },
    training(anyRun, drawings, from) {
      const run = parseRun(anyRun, "the configuration");
      const trained = from && opened(from);
      const { set, normalisation, left } = encodeDrawings(
        run.network,
        drawings,
        trained?.config.learnt.normalisation,
      );
      const { denoiser } = run.optimisation;
      const config = modelConfigOf(run, normalisation);
      const start = trained && startOf(family, trained, config, denoiser.seed);
      const task = denoising(sized(config), denoiser, config.categories, set, alphaBarsOf(config));
      return {
        left,
        stages: [
          { name: "denoiser", optimisation: denoiser, begin: () => ({ ...task, ...(start && { start }) }) },
        ],
        model: (weights) => ({ config, weights: at(weights, 0) }),
      };
    },
    open: (model, runtime) => openDenoiser(network, opened(model), runtime),
    distillation(anyRun, drawings, anyTeacher, wanted) {
      const run = parseRun(anyRun, "the configuration");
      const teacher = opened(anyTeacher);
      const { set, left } = encodeDrawings(run.network, drawings, teacher.config.learnt.normalisation);
      // A drawing's label is its category's place in the teacher.
      const labels = set.labels.map((label) =>
        teacher.config.categories.indexOf(at(run.data.categories, label)),
      );
      const { denoiser } = run.optimisation;
      const config = studentOf(teacher.config, wanted);
      const start = startOf(family, teacher, config, denoiser.seed);
      const task = distillation(
        network,
        denoiser,
        { ...set, labels },
        { teacher, student: config, start },
        wanted,
        alphaBarsOf(config),
      );
      return {
        left,
        stages: [{ name: "denoiser", optimisation: denoiser, begin: () => task }],
        model: (weights) => ({ config, weights: at(weights, 0) }),
      };
    },
    adapting: adaptingOf(network, opened),
    buildNetwork({ network: settings, categories }, batch) {
      const checked = schemas.parseNetwork(settings, "the network");
      const { inputs, output, parameters } = buildNetwork(sized({ network: checked, categories }), batch);
      return { inputs: { ...inputs }, output: { ...output }, parameters };
    },
    exportOnnx(model) {
      const { config, weights } = opened(model);
      return { model: toDenoiserOnnx(sized(config), weights) };
    },
    scheduler: (config) => scheduler(parseModel(config, "the model (config)").network),
    evaluationFlops(config) {
      const { output } = buildDenoiser(sized(parseModel(config, "the model (config)")), 1);
      const { prediction, penLogits = prediction } = output;
      return topologicalOrder([prediction, penLogits]).reduce((sum, node) => sum + node.flops(), 0);
    },
  };
}

const alphaBarsOf = ({ network }: { readonly network: DenoiserSettings }): Float64Array =>
  scheduleOf(network).alphaBars;

/** What is needed to draw with a network of this run; throws a UserError for a category without normalisation. */
const modelConfigOf = <S extends DenoiserSettings>(
  { data: { categories }, network, sampling }: DenoiserRun<S>,
  normalisation: Normalisations,
): DenoiserConfig<S> => ({
  format: MODEL_FORMAT,
  categories,
  network,
  learnt: { normalisation: normalisationsOf(categories, normalisation) },
  sampling,
});
