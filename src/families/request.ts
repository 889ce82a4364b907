import { z } from "zod";
import type { KeysOf } from "../base/check.ts";
import { finiteNumber, wholeNumber } from "../base/numbers.ts";
import { type SamplerName, samplerNames } from "../diffusion/samplers.ts";
import type { Sketch, Stroke } from "../sketch/sketch.ts";

/** A drawing by the network; seed and index name it, whatever else was drawn with it. */
export interface GeneratedSketch extends Sketch {
  readonly seed: number;
  readonly index: number;
}

/** Where drawings that are drawn together stand after a step. */
export interface Step<Drawing> {
  /** The noisy ones. */
  readonly noisy: readonly Drawing[];
  /** What the network takes them for. */
  readonly estimates: readonly Drawing[];
}

/** What every request may say. */
export interface Following {
  /** Called after every step with the share done, 0 .. 1. */
  readonly onProgress?: ((share: number) => void) | undefined;
  /** Called after every step with how far the drawings are. */
  readonly onStep?: ((step: Step<GeneratedSketch>) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How a model draws; a family has some of these settings and refuses the others. */
export interface DrawSettings {
  /** Steps of the sampler, in each of which guidance that is not distilled asks the network twice; the model's own number unless told. */
  readonly steps: number;
  /** Weight of classifier-free guidance, 1 is none; the model's own unless told. */
  readonly guidance: number;
  /** The model's own unless told. */
  readonly sampler: SamplerName;
  /** Fresh noise in every step of DDIM and DPM-Solver++: 0 none, 1 as much as DDPM; the model's own unless told. */
  readonly eta: number;
  /** Spread of what is drawn: 1 as learnt, less is nearer to the likeliest; the model's own unless told. */
  readonly temperature: number;
}

/** Drawings to make; settings that are left out are the model's own. */
export interface DrawRequest extends Partial<DrawSettings>, Following {
  readonly category: string;
  /** Drawings wanted, 0 to 2^32; 1 unless told. */
  readonly count?: number;
  /** 0 to 2^53 - 1; 0 unless told. */
  readonly seed?: number;
}

/** Variations to draw of a drawing; settings that are left out are the model's own. */
export interface VaryRequest extends DrawRequest {
  readonly sketch: Sketch;
  /** How far from the drawing: 0 is the drawing itself, as the network can write it, 1 any drawing of the category. */
  readonly strength: number;
}

/**
 * Drawings to make that begin with given strokes; settings that are left out are the model's own, but for the guidance of
 * models that draw all points at once, which goes twice as far beyond 1.
 */
export interface CompleteRequest extends DrawRequest {
  /** What is there, on a sheet of 256 x 256 of which the whole drawing will fill the middle 200. */
  readonly strokes: readonly Stroke[];
  /** The last stroke may go on: the pen is still down. What is added to it is a stroke of its own that begins where it ends. */
  readonly open?: boolean;
}

/** A drawing to make a code of, and to draw again from it; settings that are left out are the model's own. */
export interface ReconstructRequest extends DrawRequest {
  readonly sketch: Sketch;
}

/** A drawing that is there, or the one that `sample` draws with this seed, index (0 unless told) and no fresh noise. */
export type InterpolationEnd =
  | { readonly category: string; readonly sketch: Sketch }
  | { readonly category: string; readonly seed: number; readonly index?: number };

/** Drawings to make from one end to another, without fresh noise; settings that are left out are the model's own. */
export interface InterpolateRequest extends Partial<Omit<DrawSettings, "eta">>, Following {
  readonly from: InterpolationEnd;
  readonly to: InterpolationEnd;
  /** Drawings wanted, both ends among them; at least 2. */
  readonly count: number;
}

const isFunction = (value: unknown): boolean => typeof value === "function";
const isSignal = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "throwIfAborted" in value;

/** What requests may ask of how a model draws; a key's description is its help on the command line. */
export const drawKeys = {
  steps: wholeNumber(1).optional().describe("steps of the sampler; the model's own number unless given"),
  guidance: finiteNumber(0)
    .optional()
    .describe("weight of classifier-free guidance; 1: none; the model's own unless given"),
  sampler: z
    .enum(samplerNames)
    .optional()
    .describe("the way from noise to a drawing, the model's own unless given"),
  eta: finiteNumber(0, 1)
    .optional()
    .describe(
      "fresh noise in every step, but of heun: 0 none, 1 as much as DDPM; the model's own unless given",
    ),
  temperature: finiteNumber(0)
    .optional()
    .describe("spread of what is drawn: 1 as learnt, less is likelier; the model's own unless given"),
} satisfies KeysOf<Partial<DrawSettings>>;

/** What every request may say of who follows it. */
export const followingKeys = {
  onProgress: z.custom<Following["onProgress"]>(isFunction, "expected a function").optional(),
  onStep: z.custom<Following["onStep"]>(isFunction, "expected a function").optional(),
  signal: z.custom<Following["signal"]>(isSignal, "expected an AbortSignal").optional(),
} satisfies KeysOf<Following>;

/** Seeds of everything that is drawn. */
export const seedKey = wholeNumber(0, Number.MAX_SAFE_INTEGER);
/** Drawings are told apart by a number of 32 bits. */
export const MOST_DRAWINGS = 2 ** 32;
