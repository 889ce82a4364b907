/**
 * What a browser's page needs to draw. The page brings ONNX Runtime (onnxruntime-web) and the bytes of a model.
 * @module cizgi/web
 */

import "../base/globals.ts";
import { checkModel } from "../families/model.ts";
import { familyOf, type Model } from "../families/registry.ts";
import type { Session } from "../families/session.ts";
import type { Runtime } from "../runtime/runtime.ts";

// A trained network, and drawing with it.

export { type SamplerName, samplerNames } from "../diffusion/samplers.ts";
export {
  type Adapter,
  type AdapterConfig,
  adapt,
  decodeAdapter,
  encodeAdapter,
} from "../families/adapter.ts";
export { completionGuidance, type PrefixSettings, prefixOf } from "../families/denoiser/complete.ts";
export { drawSettingsOf } from "../families/draw-settings.ts";
export { decodeModel } from "../families/model.ts";
export type { FamilyName, Model, ModelConfig } from "../families/registry.ts";
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
} from "../families/request.ts";
export { able, type Session } from "../families/session.ts";
export type { RowOutputs, RowsProgram, Runtime } from "../runtime/runtime.ts";
export type { Ort } from "../runtime/session.ts";
export { DeviceError, type WebDevice, webRuntime } from "../runtime/web.ts";

/** A model that is ready to draw where the runtime computes. */
export function openSession(model: Model, runtime: Runtime): Session {
  checkModel(model);
  return familyOf(model.config).open(model, runtime);
}

// What there is to draw, in English and Turkish.

export { CATEGORIES } from "../data/catalogue.ts";
export { findCategories, turkishNames } from "../data/other-names.ts";

// Pictures and files of drawings.

export { toNdjson } from "../families/ndjson.ts";
export { replayGif } from "../render/gif.ts";
export { gridSvg, inColumns } from "../render/grid.ts";
export type { Millimetres } from "../render/options.ts";
export { type PenStroke, penStrokes } from "../render/pen.ts";
export { type SvgOptions, toSvg } from "../render/svg.ts";

// Drawings themselves.

export { simplify } from "../sketch/simplify.ts";
export type { Sketch, Stroke } from "../sketch/sketch.ts";

// What is thrown for everything that a person can mend.

export { type ErrorCode, UserError } from "../base/errors.ts";
