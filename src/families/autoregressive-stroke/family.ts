import { UserError } from "../../base/errors.ts";
import { drawSettingsOf, settingKeys } from "../denoiser/draw-settings.ts";
import { stepProblems } from "../denoiser/settings.ts";
import { type AnyModel, type AnyRun, type Family, familySchemas, MODEL_FORMAT } from "../family.ts";
import { requireSame, requireSameNetwork } from "../same-network.ts";
import { toStrokeOnnx } from "./export-onnx.ts";
import { parametersOf, type StrokeSizes } from "./network.ts";
import { presets } from "./presets.ts";
import { openStrokes } from "./session.ts";
import {
  problems,
  type StrokeConfig,
  type StrokeModel,
  type StrokeRun,
  sampling,
  settings,
  training,
} from "./settings.ts";
import { strokeStatistics } from "./statistics.ts";
import { numbersOf, rowSize } from "./strokes.ts";
import { strokeTask } from "./task.ts";
import { strokeSet } from "./training-set.ts";

const schemas = familySchemas({
  network: settings,
  stages: { denoiser: training },
  sampling,
  learnt: strokeStatistics,
  *problems(network, draws) {
    const [own, how] = [settings.safeParse(network), sampling.safeParse(draws)];
    if (own.success) yield* problems(own.data);
    if (own.success && how.success) yield* stepProblems(own.data, how.data);
  },
});

const checkedModel = ({ config, weights }: AnyModel): StrokeModel => ({
  config: parseModel(config, "the model (config)"),
  weights,
});

function parseModel(value: unknown, name: string): StrokeConfig {
  const config = schemas.parseModel(value, name);
  const [expected, found] = [numbersOf(config.network), config.learnt.mean.length];
  if (found !== expected || config.learnt.scale.length !== expected)
    throw new UserError(
      `${name}: learnt: expected mean and scale of the ${expected} numbers of a stroke, found ${found} and ${config.learnt.scale.length}.`,
    );
  return config;
}

const parseRun = (run: AnyRun): StrokeRun => schemas.parseRun(run, "the configuration");

const sizesOf = ({ network, categories }: Pick<StrokeConfig, "network" | "categories">): StrokeSizes => ({
  ...network,
  classes: categories.length,
});

/** Refuses a model that a training of a run cannot begin with. */
function requireSameModel({ network, data }: StrokeRun, { config }: StrokeModel): void {
  requireSame("categories", data.categories, config.categories);
  requireSameNetwork(network, config.network);
}

/** Stroke after stroke, each by diffusion, given the strokes so far. */
export const autoregressiveStroke: Family<StrokeRun, StrokeConfig> = {
  name: "autoregressive-stroke",
  runSchema: schemas.runSchema,
  presets,
  parseRun: schemas.parseRun,
  parseModel,
  parameters: (config) => parametersOf(sizesOf(parseModel(config, "the model (config)"))),
  leastBytes(config) {
    const { network } = parseModel(config, "the model (config)");
    const { width, blocks, contextWidth, contextBlocks, strokes } = network;
    // Layers of the blocks, and the strokes before each stroke.
    const numbers =
      6 * blocks * width ** 2 + 12 * contextBlocks * contextWidth ** 2 + strokes * rowSize(network);
    return {
      bytes: Float32Array.BYTES_PER_ELEMENT * numbers,
      because: `width ${width}, blocks ${blocks}, contextWidth ${contextWidth}, contextBlocks ${contextBlocks}, strokes ${strokes} and frequencies ${network.frequencies}`,
    };
  },
  drawKeys: settingKeys,
  drawSettings: (config, told) => drawSettingsOf(parseModel(config, "the model (config)"), told),
  requireStart(anyRun, from) {
    const run = parseRun(anyRun);
    if (from) requireSameModel(run, checkedModel(from));
  },
  training(anyRun, drawings, from) {
    const run = parseRun(anyRun);
    const trained = from && checkedModel(from);
    if (trained) requireSameModel(run, trained);
    const { network, sampling: draws, data } = run;
    const { categories } = data;
    const { set, learnt, left } = strokeSet(drawings, network, trained?.config.learnt);
    const { denoiser } = run.optimisation;
    const config = { format: MODEL_FORMAT, categories, network, learnt, sampling: draws };
    const task = strokeTask(sizesOf(config), denoiser, categories, set);
    const start = trained && { start: trained.weights };
    return {
      left,
      stages: [{ name: "denoiser", optimisation: denoiser, begin: () => ({ ...task, ...start }) }],
      model: ([weights = new Float32Array()]) => ({ config, weights }),
    };
  },
  open: (model, runtime) => openStrokes(checkedModel(model), runtime),
  exportOnnx(model) {
    const { config, weights } = checkedModel(model);
    return toStrokeOnnx(sizesOf(config), weights);
  },
};
