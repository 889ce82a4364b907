// The library's front door. The graph engine alone is "cizgi/graph".

// A trained network, and drawing with it.

export { type SamplerName, samplerNames } from "./diffusion/samplers.ts";
export { loadModel, saveModel } from "./node/model.ts";
export { complete, interpolate, openSampler, type SampleOptions, sample, vary } from "./node/sample.ts";
export type { CompleteRequest } from "./sampling/complete.ts";
export type { GeneratedSketch } from "./sampling/draw.ts";
export { toModelOnnx } from "./sampling/export-onnx.ts";
export type { InterpolateRequest, InterpolationEnd } from "./sampling/interpolate.ts";
export type { Model } from "./sampling/model.ts";
export type { DrawRequest, Sampler } from "./sampling/sampler.ts";
export type { DrawSettings } from "./sampling/settings.ts";
export type { VaryRequest } from "./sampling/vary.ts";

// Pictures of drawings.

export { replayGif } from "./render/gif.ts";
export { type GridOptions, type GridRow, gridSvg, inColumns } from "./render/grid.ts";
export { type PngOptions, toPng } from "./render/png.ts";
export type { ReplayOptions } from "./render/replay.ts";
export { type SvgOptions, toSvg } from "./render/svg.ts";

// Measuring drawings against real ones.

export { type ClassifierNetwork, openClassifier } from "./metrics/classifier.ts";
export {
  type DrawingSet,
  type EvaluationRequest,
  type EvaluationResult,
  evaluate,
} from "./metrics/evaluate.ts";
export type { Evaluation, Measures } from "./metrics/evaluation.ts";
export type { Description, FeatureNetwork, Features } from "./metrics/features.ts";
export { frechetDistance, frechetInfinity } from "./metrics/frechet.ts";
export { openImageNetwork } from "./metrics/image-network/network.ts";
export { kernelDistance } from "./metrics/kernel-distance.ts";
export { compareManifolds, manifoldOf, nearestDistances } from "./metrics/neighbours.ts";
export { novelty } from "./metrics/novelty.ts";
export { confusions, recognition } from "./metrics/recognition.ts";
export { sequenceDistances } from "./metrics/sequence.ts";
export { evaluationTable } from "./report/evaluation-table.ts";

// Training: a configuration, drawings of a source, the set made of them, the run.

export { type Preset, parseTrainingConfig, presets, type TrainingConfig } from "./config/training.ts";
export { denoising } from "./training/denoising.ts";
export { type Distillation, distillation } from "./training/distillation.ts";
export { type DrawingsWanted, type SplitDrawings, splitDrawings } from "./training/drawings.ts";
export { type TrainingEvent, type TrainingRun, train } from "./training/run.ts";
export { encodeCategory, joinCategories, type TrainingSet } from "./training/training-set.ts";

// Where drawings come from, and the files that hold them.

export { CATEGORIES, requireCategory } from "./data/catalogue.ts";
export { type HeldOutSplit, heldOutSplits } from "./data/held-out.ts";
export type { ReadDrawing } from "./data/read/drawing.ts";
export { readNdjson } from "./data/read/ndjson.ts";
export { readNpz } from "./data/read/npz.ts";
export { describeReport, newReadReport, type ReadReport } from "./data/read/report.ts";
export { openSource, type ReadOptions, resolveSource, type Source } from "./data/source.ts";
export { type Split, type SplitRequest, splitLines } from "./data/split.ts";

// Drawings themselves, and how networks see them.

export { type EncodedSketch, type Encoding, type EncodingName, encodings } from "./sketch/encoding.ts";
export { resample } from "./sketch/resample.ts";
export { simplify } from "./sketch/simplify.ts";
export { boundsOf, fitInto, pointCount, type Sketch, type Stroke } from "./sketch/sketch.ts";

// Running graphs of "cizgi/graph" on a device.

export { type Device, devices } from "./runtime/devices.ts";
export { compile, type ProgramOptions } from "./runtime/program.ts";
export type { Feeds, Program } from "./runtime/session.ts";

// Random numbers that depend on nothing but their name.

export { permutation, type RandomStream, randomStream } from "./base/random.ts";

// What is thrown for everything that a person can mend.

export { UsageError, UserError } from "./base/errors.ts";
