/**
 * The library: drawing with trained models, training, measuring, data and pictures. The graph engine alone is
 * "cizgi/graph".
 *
 * ```ts
 * import { loadModel, sample, toSvg } from "cizgi";
 *
 * for await (const sketch of sample(await loadModel(), { category: "cat", count: 10, seed: 7 })) {
 *   console.log(toSvg(sketch));
 * }
 * ```
 *
 * - Draw: {@link loadModel}, {@link openSession}, {@link sample}, {@link vary}, {@link complete}, {@link interpolate}, {@link reconstruct}
 * - Show: {@link toSvg}, {@link toPng}, {@link replayGif}, {@link gridSvg}, {@link lossChart}
 * - Get drawings: {@link resolveSource}, {@link openSource}, {@link splitDrawings}, {@link heldOutSplits}
 * - Train: {@link configure}, {@link train}, {@link trainStages} for anything else that is to be learnt
 * - Teach: {@link teach}, {@link saveAdapter}, {@link loadAdapters}, {@link adapt}
 * - Measure: {@link openClassifier}, {@link evaluate}, {@link evaluationTable}
 * - Look inside: {@link buildNetwork}, {@link cosineSchedule}, {@link compile}
 *
 * @module cizgi
 */

import "./base/globals.ts";

// A trained network, and drawing with it.

export { type SamplerName, samplerNames } from "./diffusion/samplers.ts";
export { type Adapter, type AdapterConfig, adapt } from "./families/adapter.ts";
export { type DenoiserModelConfig, requireDenoiser } from "./families/denoisers.ts";
export { drawSettingsOf } from "./families/draw-settings.ts";
export type { ModelLimits } from "./families/model.ts";
export { toModelOnnx } from "./families/network.ts";
export { familyNames, type Model, type ModelConfig } from "./families/registry.ts";
export type {
  CompleteRequest,
  DrawRequest,
  DrawSettings,
  GeneratedSketch,
  InterpolateRequest,
  InterpolationEnd,
  ReconstructRequest,
  Step,
  VaryRequest,
} from "./families/request.ts";
export { able, type Session } from "./families/session.ts";
export { loadAdapters, saveAdapter } from "./node/adapter.ts";
export { loadModel, type ShippedFamily, saveModel } from "./node/model.ts";
export {
  complete,
  interpolate,
  openSession,
  reconstruct,
  type SampleOptions,
  sample,
  vary,
} from "./node/sample.ts";
export type { Precision } from "./weights/tensors.ts";

// Pictures of drawings.

export { type LossChartOptions, type LossSeries, lossChart } from "./render/chart.ts";
export { replayGif } from "./render/gif.ts";
export { type ColumnGroup, type GridOptions, type GridRow, gridSvg, inColumns } from "./render/grid.ts";
export type { Millimetres } from "./render/options.ts";
export { type PngOptions, toPng } from "./render/png.ts";
export type { ReplayOptions } from "./render/replay.ts";
export type { CurvePoint } from "./render/smoothing.ts";
export { type SvgOptions, toSvg } from "./render/svg.ts";

// Measuring drawings against real ones.

export { type ClassifierNetwork, openClassifier } from "./metrics/classifier.ts";
export {
  type DrawingSet,
  type EvaluateOptions,
  type EvaluationRequest,
  type EvaluationResult,
  evaluate,
} from "./metrics/evaluate.ts";
export type {
  CategoryResult,
  Evaluation,
  EvaluationRow,
  Measures,
  Recognition,
  SequenceDistances,
  Spread,
} from "./metrics/evaluation.ts";
export type { DescribeOptions, Description, FeatureNetwork, Features } from "./metrics/features.ts";
export { frechetDistance, frechetInfinity } from "./metrics/frechet.ts";
export { type ImageNetworkOptions, openImageNetwork } from "./metrics/image-network/network.ts";
export { type KernelDistanceOptions, kernelDistance } from "./metrics/kernel-distance.ts";
export {
  compareManifolds,
  type Manifold,
  type ManifoldMeasures,
  manifoldOf,
  type NeighbourCounts,
  nearestDistances,
} from "./metrics/neighbours.ts";
export { type Novelty, novelty } from "./metrics/novelty.ts";
export { type Answers, type Confusion, confusions, recognition } from "./metrics/recognition.ts";
export { sequenceDistances } from "./metrics/sequence.ts";
export { evaluationTable } from "./report/evaluation-table.ts";

// Training: a configuration, drawings, the run.

export {
  type DrawingsWanted,
  type ReadHooks,
  type SplitDrawings,
  splitDrawings,
} from "./data/split-drawings.ts";
export { type Changes, configure } from "./families/configure.ts";
export type { DenoiserRun } from "./families/denoiser/family.ts";
export type { AnyModel, AnyModelConfig, CategoryDrawings } from "./families/family.ts";
export { type FamilyName, parseRunConfig, type RunConfig, type RunOf } from "./families/registry.ts";
export type { StepReport } from "./training/loop.ts";
export { type TrainingEvent, type TrainingRun, trainStages } from "./training/run.ts";
export type { Stage } from "./training/stage.ts";
export type { Losses, LossGraph, Task } from "./training/task.ts";
export type { TeachStep } from "./training/teach.ts";
export { importSketches } from "./workflows/import-sketches.ts";
export type { Likeness } from "./workflows/likeness.ts";
export type { Progress as WorkProgress, Reporter } from "./workflows/reporter.ts";
export { type TeachEvent, type TeachOptions, teach } from "./workflows/teach.ts";
export { type TrainOptions, train } from "./workflows/train.ts";

// Where drawings come from, and the files that hold them.

export type { Environment } from "./base/environment.ts";
export { CATEGORIES, requireCategory } from "./data/catalogue.ts";
export { type HeldOutSplit, type HeldOutWanted, heldOutSplits } from "./data/held-out.ts";
export type { ImportOptions } from "./data/import/imported.ts";
export { readBin } from "./data/read/bin.ts";
export { readCsv } from "./data/read/csv.ts";
export type { ReadDrawing } from "./data/read/drawing.ts";
export { readJson } from "./data/read/json-array.ts";
export { readNdjson } from "./data/read/ndjson.ts";
export { readNpz } from "./data/read/npz.ts";
export { readParquet } from "./data/read/parquet.ts";
export {
  describeReport,
  newReadReport,
  type ReadReport,
  type SkipExample,
  type SkipReason,
} from "./data/read/report.ts";
export {
  type LookOptions,
  openSource,
  type Progress,
  type ReadOptions,
  resolveSource,
  type Source,
  type Wanted,
} from "./data/source.ts";
export { type Split, type SplitRequest, splitLines } from "./data/split.ts";

// Drawings themselves, and how networks see them.

export { encodeCategory } from "./families/denoiser/training-set.ts";
export type { EncodingOptions } from "./sketch/encode.ts";
export { type EncodedSketch, type Encoding, type EncodingName, encodings } from "./sketch/encoding.ts";
export type { Normalisation } from "./sketch/normalisation.ts";
export type { StrokeOrder } from "./sketch/order.ts";
export { resample } from "./sketch/resample.ts";
export { simplify } from "./sketch/simplify.ts";
export { type Bounds, boundsOf, fitInto, pointCount, type Sketch, type Stroke } from "./sketch/sketch.ts";

// The network and its noise schedule as they are, to look into or to sample by hand.

export type { ConditionInputs, Conditions, Denoiser, DenoiserInputs } from "./diffusion/denoiser.ts";
export { cosineSchedule, type NoiseSchedule } from "./diffusion/schedule.ts";
export { buildNetwork } from "./families/network.ts";
export { type Initialization, type Parameter, parameterViews } from "./nn/parameters.ts";

// Running graphs of "cizgi/graph" on a device.

export { type Device, type DeviceOptions, devices } from "./runtime/devices.ts";
export { compile, type ProgramOptions } from "./runtime/program.ts";
export type { Feeds, Initializers, Program } from "./runtime/session.ts";

// Random numbers that depend on nothing but their name.

export { permutation, type RandomStream, randomStream } from "./base/random.ts";

// What is thrown for everything that a person can mend.

export { UsageError, UserError } from "./base/errors.ts";
