/**
 * What a browser's page needs to draw. The page brings ONNX Runtime (onnxruntime-web) and the bytes of a model.
 * @module cizgi/web
 */

import "../base/globals.ts";

// A trained network, and drawing with it.

export type { ModelConfig } from "../config/model.ts";
export { type SamplerName, samplerNames } from "../diffusion/samplers.ts";
export type { RowOutputs, RowsProgram, Runtime } from "../runtime/runtime.ts";
export type { Ort } from "../runtime/session.ts";
export { DeviceError, type WebDevice, webRuntime } from "../runtime/web.ts";
export { type CompleteRequest, completionGuidance } from "../sampling/complete.ts";
export type { GeneratedSketch, Step } from "../sampling/draw.ts";
export type { InterpolateRequest, InterpolationEnd } from "../sampling/interpolate.ts";
export { decodeModel, type Model } from "../sampling/model.ts";
export type { DrawRequest } from "../sampling/request.ts";
export { openSampler, type Sampler } from "../sampling/sampler.ts";
export type { DrawSettings } from "../sampling/settings.ts";
export type { VaryRequest } from "../sampling/vary.ts";

// What there is to draw, in English and Turkish.

export { CATEGORIES } from "../data/catalogue.ts";
export { findCategories, turkishNames } from "../data/other-names.ts";

// Pictures and files of drawings.

export { replayGif } from "../render/gif.ts";
export { gridSvg, inColumns } from "../render/grid.ts";
export type { Millimetres } from "../render/options.ts";
export { type PenStroke, penStrokes } from "../render/pen.ts";
export { type SvgOptions, toSvg } from "../render/svg.ts";
export { toNdjson } from "../sampling/ndjson.ts";

// Drawings themselves.

export { simplify } from "../sketch/simplify.ts";
export type { Sketch, Stroke } from "../sketch/sketch.ts";

// What is thrown for everything that a person can mend.

export { UserError } from "../base/errors.ts";
