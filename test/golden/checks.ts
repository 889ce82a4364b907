import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UserError } from "../../src/base/errors.ts";
import { ddim } from "../../src/diffusion/ddim.ts";
import type { Denoiser } from "../../src/diffusion/denoiser.ts";
import type { Predict } from "../../src/diffusion/estimate.ts";
import { addNoise, cosineSchedule, timeSteps } from "../../src/diffusion/schedule.ts";
import { buildNetwork, type SizedNetwork } from "../../src/families/denoiser/network.ts";
import { denoisingLoss } from "../../src/families/denoiser/task.ts";
import { network } from "../../src/families/unet1d/network.ts";
import { presets } from "../../src/families/unet1d/presets.ts";
import type { UNet1dSettings } from "../../src/families/unet1d/settings.ts";
import { input, type Tensor } from "../../src/graph/tensor.ts";
import { pixelFid, pixelKid } from "../../src/metrics/pixel.ts";
import { parameterViews } from "../../src/nn/parameters.ts";
import { sinusoidalEmbedding } from "../../src/nn/time-embedding.ts";
import { compile } from "../../src/runtime/program.ts";
import { encodeDeltas } from "../../src/sketch/delta.ts";
import { addDeltas, emptySums, normalisationFrom, normalise } from "../../src/sketch/normalisation.ts";
import type { Sketch } from "../../src/sketch/sketch.ts";
import { compileGradients } from "../../src/training/gradient-program.ts";
import { learningRateFactors } from "../../src/training/learning-rate.ts";
import { createOptimizerState, startOptimizer } from "../../src/training/optimizer.ts";
import { decodeSafetensors, type Safetensors, toFloat32 } from "../../src/weights/safetensors.ts";
import { type Check, group, relativeError } from "./check.ts";
import { checkSketchRnn, isSketchRnn } from "./sketchrnn.ts";

type Sized = SizedNetwork<UNet1dSettings>;

interface Golden {
  readonly get: (name: string) => Float32Array;
  readonly shapeOf: (name: string) => readonly number[];
  readonly names: readonly string[];
  readonly metadata: Safetensors["metadata"];
  readonly folder: string;
}

/** Compares everything in a golden file (sizes from its metadata) with this project; yields a check per group. */
export async function* checkGolden(file: string): AsyncGenerator<Check> {
  const decoded = decodeSafetensors(readFileSync(file), basename(file));
  if (isSketchRnn(decoded)) {
    yield* checkSketchRnn(decoded, file);
    return;
  }
  const golden = goldenOf(decoded, file);
  const { metadata } = golden;
  const number = (key: string): number => {
    const value = Number(metadata[key]);
    if (Number.isNaN(value))
      throw new UserError(`${file}: metadata "${key}" must be a number, found ${metadata[key]}`);
    return value;
  };
  const sizes = {
    ...presets.baseline.network,
    baseChannels: number("base_channels"),
    classes: number("classes"),
    channels: 2,
    points: number("points"),
    attentionHeads: number("attention_heads"),
    normGroups: number("norm_groups"),
  };
  const sized = { network, sizes };
  yield* checkSchedules(golden, number("train_steps"));
  yield await checkEmbedding(golden, sizes.baseChannels);
  yield await checkForward(golden, sized);
  yield* checkTraining(golden, sized, number("pen_weight"), number("ema_decay"));
  yield await checkDdim(golden, sized, number("train_steps"));
  yield checkPreprocessing(golden, sizes.points);
  const [real, fake] = ["pixel_metrics.real", "pixel_metrics.fake"].map((name) => rows(golden, name));
  yield group("pixel metrics", 1e-5, [
    ["fid", relativeError([pixelFid(real, fake)], [number("pixel_metrics.fid")])],
    ["kid", relativeError([pixelKid(real, fake)], [number("pixel_metrics.kid")])],
  ]);
}

function goldenOf({ tensors, metadata }: Safetensors, file: string): Golden {
  const find = (name: string) => {
    const tensor = tensors.get(name);
    if (tensor === undefined)
      throw new UserError(`${file}: tensor "${name}" is missing; is it a file of golden numbers?`);
    return tensor;
  };
  return {
    get: (name) => toFloat32(find(name)),
    shapeOf: (name) => find(name).shape,
    names: [...tensors.keys()],
    metadata,
    folder: dirname(file),
  };
}

function* checkSchedules({ get }: Golden, steps: number): Generator<Check> {
  const { alphaBars, betas } = cosineSchedule(steps);
  const factors = get("lr.factor");
  const ours = Array.from(factors, (_, epoch) => learningRateFactors.cosine(epoch, factors.length, 10));
  yield group("schedules", 1e-6, [
    ["alpha_bars", relativeError(alphaBars, get("schedule.alpha_bars"))],
    ["betas", relativeError(betas, get("schedule.betas"))],
    ["learning rate", relativeError(ours, factors)],
  ]);
}

async function checkEmbedding({ get }: Golden, size: number): Promise<Check> {
  const times = get("batch.t");
  const embedded = await compile({ embedding: sinusoidalEmbedding(input("times", [times.length]), size) });
  const { embedding } = await embedded.run({ times });
  return group("time embedding", 1e-4, [
    ["sinusoidal", relativeError(embedding, get("embedding.sinusoidal"))],
  ]);
}

/** Both outputs of the seed's network. */
function heads({ prediction, penLogits }: Denoiser): { prediction: Tensor; penLogits: Tensor } {
  if (penLogits === undefined) throw new Error("the seed's network has a pen head");
  return { prediction, penLogits };
}

const int64 = (values: Float32Array): BigInt64Array => BigInt64Array.from(values, (value) => BigInt(value));

async function checkForward({ get }: Golden, sized: Sized): Promise<Check> {
  const times = get("batch.t");
  const { output, parameters } = buildNetwork(sized, times.length);
  const initializers = new Map(parameters.map(({ name }) => [name, get(`param.${name}`)]));
  const program = await compile(heads(output), { initializers });
  const noisy = get("batch.xt");
  const withLabels = await program.run({ noisy, times, labels: int64(get("batch.labels")) });
  const noClass = new BigInt64Array(times.length).fill(BigInt(sized.sizes.classes));
  const without = await program.run({ noisy, times, labels: noClass });
  return group("forward", 1e-4, [
    ["noise", relativeError(withLabels.prediction, get("forward.noise"))],
    ["pen logits", relativeError(withLabels.penLogits, get("forward.pen_logits"))],
    ["unconditional noise", relativeError(without.prediction, get("forward.unconditional.noise"))],
    ["unconditional pen logits", relativeError(without.penLogits, get("forward.unconditional.pen_logits"))],
  ]);
}

async function* checkTraining(
  golden: Golden,
  sized: Sized,
  penWeight: number,
  emaDecay: number,
): AsyncGenerator<Check> {
  const { get, metadata } = golden;
  const { lr, betas, weight_decay, eps, clip } = JSON.parse(metadata.optimizer);
  const times = get("batch.t");
  const program = await compileGradients(
    (...sizes) => denoisingLoss(sized, penWeight, ...sizes),
    times.length,
    {},
  );
  const { parameters } = program;
  const state = createOptimizerState(join32(parameters.map(({ name }) => get(`param.${name}`))));
  const batch = makeGoldenBatch(golden, times, sized.sizes);
  const against = (vector: Float32Array, prefix: string) =>
    [...parameterViews(parameters, vector)].map(
      ([name, view]) => [name, relativeError(view, get(prefix + name))] as const,
    );

  yield group("noisy batch", 1e-6, [["xt", relativeError(batch.noisy, get("batch.xt"))]]);
  const optimizer = startOptimizer(state, program.gradients);
  const [gradient] = program.gradients;
  for (const step of [1, 2]) {
    const { loss, coordinates, pen } = await program.run(state.weights, batch);
    let gradientNorm = await optimizer.gradientNorm();
    if (step === 1) {
      yield group("loss", 1e-5, [
        ["coordinates", relativeError([coordinates], get("loss.coord"))],
        ["pen", relativeError([pen], get("loss.pen"))],
        ["total", relativeError([loss], get("loss.total"))],
      ]);
      const norm = relativeError([gradientNorm], get("grad_norm"));
      yield group("gradients", 1e-3, [...against(gradient, "grad."), ["norm", norm]]);
      // Adam's first step is lr g / (|g| + 1e-8): where the true gradient is next to nothing, the last bits of a float32
      // sum decide its direction. So the optimiser gets the file's gradient here, and our own one at the second step.
      for (const vector of program.gradients) vector.fill(0);
      gradient.set(join32(parameters.map(({ name }) => get(`grad.${name}`))));
      gradientNorm = await optimizer.gradientNorm();
    } else {
      yield group("loss of step 2", 1e-5, [["total", relativeError([loss], get("loss2.total"))]]);
    }
    const gradientScale = Math.min(1, clip / (gradientNorm + 1e-6));
    await optimizer.step(step, {
      learningRate: lr,
      betas,
      weightDecay: weight_decay,
      epsilon: eps,
      gradientScale,
      emaDecay,
    });
    yield group(`AdamW step ${step}`, 1e-4, against(state.weights, `adamw${step}.`));
    yield group(`EMA step ${step}`, 1e-4, against(state.ema, `ema${step}.`));
  }
  await optimizer.dispose();
  await program.dispose();
}

function makeGoldenBatch({ get, metadata }: Golden, times: Float32Array, { points }: Sized["sizes"]) {
  const { alphaBars } = cosineSchedule(Number(metadata.train_steps));
  const x0 = get("batch.x0");
  const target = get("batch.noise");
  const noisy = new Float32Array(x0.length);
  for (const [i, t] of times.entries()) {
    const [from, to] = [i * points * 2, (i + 1) * points * 2];
    addNoise(x0.subarray(from, to), target.subarray(from, to), alphaBars[t], noisy.subarray(from, to));
  }
  return {
    noisy,
    times,
    labels: int64(get("batch.labels")),
    target,
    weights: new Float32Array(times.length).fill(1),
    pens: get("batch.pens"),
  };
}

/** Every `ddim.steps<n>.<cfg<w> or unconditional>` in the file, of class 1, with the weights after the second step. */
async function checkDdim({ get, names }: Golden, sized: Sized, trainSteps: number): Promise<Check> {
  const start = get("ddim.xT");
  const { points, classes } = sized.sizes;
  const batch = start.length / (points * 2);
  const { output, parameters } = buildNetwork(sized, batch);
  const initializers = new Map(parameters.map(({ name }) => [name, get(`adamw2.${name}`)]));
  const program = await compile(heads(output), { initializers });
  const ask = (label: number, noisy: Float32Array, t: number) =>
    program.run({
      noisy,
      times: new Float32Array(batch).fill(t),
      labels: new BigInt64Array(batch).fill(BigInt(label)),
    });

  const parts: [string, number][] = [];
  for (const name of names) {
    const [, run, steps, , weight] = /^(ddim\.steps(\d+)\.(cfg([\d.]+)|unconditional))\.x$/.exec(name) ?? [];
    if (run === undefined) continue;
    const predict: Predict =
      weight === undefined
        ? async (x, t) => ({ conditional: await ask(classes, x, t) })
        : async (x, t) => ({
            conditional: await ask(1, x, t),
            unconditional: await ask(classes, x, t),
          });
    const options = {
      alphaBars: cosineSchedule(trainSteps).alphaBars,
      predictionType: "noise" as const,
      times: timeSteps(trainSteps, Number(steps)),
      guidance: Number(weight ?? 1),
    };
    let x: Float32Array = start;
    let penLogits: Float32Array = new Float32Array(0);
    for await (const state of ddim(predict, start, options)) ({ x, penLogits = penLogits } = state);
    parts.push([`${run}.x`, relativeError(x, get(`${run}.x`))]);
    parts.push([
      `${run}.pen`,
      relativeError(
        penLogits.map((z) => 1 / (1 + Math.exp(-z))),
        get(`${run}.pen`),
      ),
    ]);
  }
  return group("DDIM", 1e-3, parts);
}

/** The first drawings of each category, beside the golden file or in CIZGI_DATA, encoded and normalised exactly. */
function checkPreprocessing({ get, names, metadata, folder }: Golden, points: number): Check {
  const categories = names.flatMap((name) => /^preprocess\.(.+)\.deltas$/.exec(name)?.[1] ?? []);
  const places = [
    join(folder, "../quickdraw/simplified"),
    process.env.CIZGI_DATA,
    "../shared/quickdraw/simplified",
  ];
  const parts: [string, number][] = [];
  for (const category of categories) {
    const source = places
      .flatMap((place) => (place ? [join(place, `${category}.ndjson`)] : []))
      .find(existsSync);
    if (source === undefined) {
      throw new UserError(
        `no ${category}.ndjson to check preprocessing with; set CIZGI_DATA to a folder that has it.`,
      );
    }
    const stats = JSON.parse(metadata[`preprocess.${category}.stats_first100`]);
    const lines = readFileSync(source, "utf8").trimEnd().split("\n").slice(0, 100);
    const encoded = lines.flatMap((line) => encodeDeltas(parseDrawing(line), points) ?? []);
    const sums = emptySums();
    for (const { deltas } of encoded) addDeltas(sums, deltas);
    const normalisation = normalisationFrom(sums);
    const count = get(`preprocess.${category}.pens`).length / points;
    const first = encoded.slice(0, count);
    parts.push(
      [`${category} mean`, relativeError(normalisation.mean, stats.mean)],
      [`${category} std`, relativeError([normalisation.std], [stats.std])],
      [
        `${category} deltas`,
        relativeError(join32(first.map(({ deltas }) => deltas)), get(`preprocess.${category}.deltas`)),
      ],
      [
        `${category} pens`,
        relativeError(join32(first.map(({ pens }) => pens)), get(`preprocess.${category}.pens`)),
      ],
      [
        `${category} normalised`,
        relativeError(
          join32(first.map(({ deltas }) => normalise(deltas, normalisation))),
          get(`preprocess.${category}.normalized`),
        ),
      ],
    );
  }
  return group("preprocessing", 0, parts);
}

function parseDrawing(line: string): Sketch {
  const { drawing }: { drawing: [number[], number[]][] } = JSON.parse(line);
  return { strokes: drawing.map(([x, y]) => ({ x, y })) };
}

function join32(arrays: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(arrays.reduce((n, { length }) => n + length, 0));
  let at = 0;
  for (const array of arrays) {
    joined.set(array, at);
    at += array.length;
  }
  return joined;
}

/** The rows of a matrix. */
function rows({ get, shapeOf }: Golden, name: string): Float32Array[] {
  const flat = get(name);
  const [count, size] = shapeOf(name);
  return Array.from({ length: count }, (_, i) => flat.subarray(i * size, (i + 1) * size));
}
