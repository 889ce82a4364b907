// The library's front door. The graph engine alone is "cizgi/graph".

// A trained network, and drawing with it.

export { loadModel, type Model, saveModel } from "./sampling/model.ts";
export { type GeneratedSketch, type SampleOptions, sample } from "./sampling/sample.ts";

// Pictures of drawings.

export { replayGif } from "./render/gif.ts";
export { type GridOptions, type GridRow, gridSvg, inColumns } from "./render/grid.ts";
export { type PngOptions, toPng } from "./render/png.ts";
export type { ReplayOptions } from "./render/replay.ts";
export { type SvgOptions, toSvg } from "./render/svg.ts";

// Training: a configuration, drawings of a source, the set made of them, the run.

export { type Preset, parseTrainingConfig, presets, type TrainingConfig } from "./config/training.ts";
export { denoising } from "./training/denoising.ts";
export { type DrawingsWanted, type SplitDrawings, splitDrawings } from "./training/drawings.ts";
export { type TrainingEvent, type TrainingRun, train } from "./training/run.ts";
export { encodeCategory, joinCategories, type TrainingSet } from "./training/training-set.ts";

// Where drawings come from, and the files that hold them.

export { CATEGORIES, requireCategory } from "./data/catalogue.ts";
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
export { compile, type Feeds, type Program, type ProgramOptions } from "./runtime/program.ts";

// What is thrown for everything that a person can mend.

export { UsageError, UserError } from "./base/errors.ts";
