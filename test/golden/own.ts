import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { randomStream } from "../../src/base/random.ts";
import { ddim } from "../../src/diffusion/ddim.ts";
import type { Predict } from "../../src/diffusion/estimate.ts";
import { addNoise, cosineSchedule, timeSteps } from "../../src/diffusion/schedule.ts";
import { buildNetwork } from "../../src/families/denoiser/network.ts";
import { denoisingLoss } from "../../src/families/denoiser/task.ts";
import { network } from "../../src/families/unet1d/network.ts";
import { presets } from "../../src/families/unet1d/presets.ts";
import { input } from "../../src/graph/tensor.ts";
import { pixelFid, pixelKid } from "../../src/metrics/pixel.ts";
import { initialize, parameterViews } from "../../src/nn/parameters.ts";
import { sinusoidalEmbedding } from "../../src/nn/time-embedding.ts";
import { compile } from "../../src/runtime/program.ts";
import { encodeDeltas } from "../../src/sketch/delta.ts";
import { addDeltas, emptySums, normalisationFrom, normalise } from "../../src/sketch/normalisation.ts";
import type { Sketch } from "../../src/sketch/sketch.ts";
import { compileGradients } from "../../src/training/gradient-program.ts";
import { learningRateFactors } from "../../src/training/learning-rate.ts";
import { createOptimizerState, startOptimizer } from "../../src/training/optimizer.ts";
import { encodeSafetensors, type StoredTensor } from "../../src/weights/safetensors.ts";

/** Other sizes than those of ../shared/golden, and odd ones: a check that has any of them built in falls over. */
const SIZES = {
  baseChannels: 12,
  classes: 5,
  channels: 2,
  points: 20,
  attentionHeads: 6,
  normGroups: 4,
  trainSteps: 120,
  batch: 3,
  vectorLength: 7,
  epochs: 40,
  penWeight: 0.25,
  emaDecay: 0.9,
} as const;

const OPTIMIZER = { lr: 0.002, betas: [0.8, 0.95], weight_decay: 0.02, eps: 1e-8, clip: 0.5 } as const;

const floats = (shape: readonly number[], data: Float32Array): StoredTensor => ({
  dtype: "F32",
  shape,
  data,
});
const integers = (values: readonly number[]): StoredTensor => ({
  dtype: "I64",
  shape: [values.length],
  data: BigInt64Array.from(values, BigInt),
});

/**
 * Writes FOLDER/golden/own.safetensors, in the form of ../shared/golden but with this project's own numbers at SIZES,
 * and beside it the drawings that its preprocessing is measured on; gives its path and tensors.
 */
export async function writeOwnGolden(folder: string, cats: readonly Sketch[]) {
  const { points, classes, batch, trainSteps, vectorLength } = SIZES;
  const sized = { network, sizes: { ...presets.baseline.network, ...SIZES } };
  const random = randomStream(1, 0);
  const normals = (shape: readonly number[]) =>
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.normal());
  const tensors = new Map<string, StoredTensor>();
  const add = (name: string, shape: readonly number[], data: Float32Array) => {
    tensors.set(name, floats(shape, data.slice()));
    return data;
  };

  const { alphaBars, betas } = cosineSchedule(trainSteps);
  add("schedule.alpha_bars", [trainSteps], Float32Array.from(alphaBars));
  add("schedule.betas", [trainSteps], Float32Array.from(betas));
  const factors = Array.from({ length: SIZES.epochs }, (_, epoch) =>
    learningRateFactors.cosine(epoch, SIZES.epochs, 10),
  );
  add("lr.factor", [SIZES.epochs], Float32Array.from(factors));

  const times = [3, 50, trainSteps - 1];
  const labels = [0, classes, 2];
  tensors.set("batch.t", integers(times));
  tensors.set("batch.labels", integers(labels));
  const x0 = add("batch.x0", [batch, points, 2], normals([batch, points, 2]));
  const noise = add("batch.noise", [batch, points, 2], normals([batch, points, 2]));
  const pens = add(
    "batch.pens",
    [batch, points],
    normals([batch, points]).map((z) => Number(z > 0.5)),
  );
  const noisy = new Float32Array(x0.length);
  for (const [i, t] of times.entries()) {
    const [from, to] = [i * points * 2, (i + 1) * points * 2];
    addNoise(x0.subarray(from, to), noise.subarray(from, to), alphaBars[t], noisy.subarray(from, to));
  }
  add("batch.xt", [batch, points, 2], noisy);
  const embedding = await compile({ out: sinusoidalEmbedding(input("t", [batch]), SIZES.baseChannels) });
  const t = Float32Array.from(times);
  add("embedding.sinusoidal", [batch, SIZES.baseChannels], (await embedding.run({ t })).out);

  const program = await compileGradients(
    (...sizes) => denoisingLoss(sized, SIZES.penWeight, ...sizes),
    batch,
    {},
  );
  const state = createOptimizerState(initialize(program.parameters, 1));
  const addAll = (prefix: string, vector: Float32Array) => {
    const views = parameterViews(program.parameters, vector);
    for (const { name, shape } of program.parameters) {
      add(prefix + name, shape, views.get(name) ?? new Float32Array());
    }
  };
  const forward = async (rows: number, weights: Float32Array) => {
    const { output, parameters } = buildNetwork(sized, rows);
    const { prediction, penLogits = prediction } = output;
    const initializers = parameterViews(parameters, weights);
    const forwards = await compile({ prediction, penLogits }, { initializers });
    return (x: Float32Array, steps: Float32Array, classOf: readonly number[]) =>
      forwards.run({ noisy: x, times: steps, labels: BigInt64Array.from(classOf, BigInt) });
  };
  addAll("param.", state.weights);
  const ask = await forward(batch, state.weights);
  const none = Array.from({ length: batch }, () => classes);
  for (const [prefix, classOf] of [
    ["", labels],
    ["unconditional.", none],
  ] as const) {
    const { prediction, penLogits } = await ask(noisy, t, classOf);
    add(`forward.${prefix}noise`, [batch, points, 2], prediction);
    add(`forward.${prefix}pen_logits`, [batch, points], penLogits);
  }

  const optimizer = startOptimizer(state, program.gradients);
  const training = {
    noisy,
    times: t,
    labels: BigInt64Array.from(labels, BigInt),
    target: noise,
    weights: new Float32Array(batch).fill(1),
    pens,
  };
  for (const step of [1, 2]) {
    const { loss, coordinates, pen } = await program.run(state.weights, training);
    const norm = await optimizer.gradientNorm();
    if (step === 1) {
      for (const [name, value] of Object.entries({ coord: coordinates, pen, total: loss }))
        add(`loss.${name}`, [1], Float32Array.of(value));
      addAll("grad.", program.gradients[0]);
      add("grad_norm", [1], Float32Array.of(norm));
    } else add("loss2.total", [1], Float32Array.of(loss));
    await optimizer.step(step, {
      learningRate: OPTIMIZER.lr,
      betas: OPTIMIZER.betas,
      weightDecay: OPTIMIZER.weight_decay,
      epsilon: OPTIMIZER.eps,
      gradientScale: Math.min(1, OPTIMIZER.clip / (norm + 1e-6)),
      emaDecay: SIZES.emaDecay,
    });
    addAll(`adamw${step}.`, state.weights);
    addAll(`ema${step}.`, state.ema);
  }
  await program.dispose();

  const drawn = await forward(2, state.weights);
  const start = add("ddim.xT", [2, points, 2], normals([2, points, 2]));
  const half = (label: number, x: Float32Array, time: number) =>
    drawn(x, new Float32Array(2).fill(time), [label, label]);
  const predict: Predict = async (x, time) => ({
    conditional: await half(1, x, time),
    unconditional: await half(classes, x, time),
  });
  const options = {
    alphaBars,
    predictionType: "noise" as const,
    times: timeSteps(alphaBars.length, 4),
    guidance: 1.5,
  };
  for await (const { step, x, penLogits } of ddim(predict, start, options)) {
    if (step < 4 || penLogits === undefined) continue;
    add("ddim.steps4.cfg1.5.x", [2, points, 2], x);
    add(
      "ddim.steps4.cfg1.5.pen",
      [2, points],
      penLogits.map((z) => 1 / (1 + Math.exp(-z))),
    );
  }

  const encoded = cats.flatMap((cat) => encodeDeltas(cat, points) ?? []);
  const sums = emptySums();
  for (const { deltas } of encoded.slice(0, 100)) addDeltas(sums, deltas);
  const stats = normalisationFrom(sums);
  const [first] = encoded;
  add("preprocess.cat.deltas", [1, points, 2], first.deltas);
  add("preprocess.cat.pens", [1, points], first.pens);
  add("preprocess.cat.normalized", [1, points, 2], normalise(first.deltas, stats));

  const vectors = (name: string) => {
    const flat = add(`pixel_metrics.${name}`, [9, vectorLength], normals([9, vectorLength]));
    return Array.from({ length: 9 }, (_, i) => flat.subarray(i * vectorLength, (i + 1) * vectorLength));
  };
  const [real, fake] = [vectors("real"), vectors("fake")];
  const metadata = {
    base_channels: String(SIZES.baseChannels),
    classes: String(classes),
    points: String(points),
    attention_heads: String(SIZES.attentionHeads),
    norm_groups: String(SIZES.normGroups),
    train_steps: String(trainSteps),
    pen_weight: String(SIZES.penWeight),
    ema_decay: String(SIZES.emaDecay),
    optimizer: JSON.stringify(OPTIMIZER),
    "preprocess.cat.stats_first100": JSON.stringify(stats),
    "pixel_metrics.fid": String(pixelFid(real, fake)),
    "pixel_metrics.kid": String(pixelKid(real, fake)),
  };
  const path = join(folder, "golden/own.safetensors");
  const drawings = join(folder, "quickdraw/simplified/cat.ndjson");
  for (const file of [path, drawings]) mkdirSync(dirname(file), { recursive: true });
  const lines = cats.map(({ strokes }) =>
    JSON.stringify({ word: "cat", drawing: strokes.map(({ x, y }) => [x, y]) }),
  );
  writeFileSync(drawings, `${lines.join("\n")}\n`);
  writeFileSync(path, encodeSafetensors(tensors, metadata));
  return { path, tensors, metadata };
}
