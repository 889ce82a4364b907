import type {
  CompleteRequest,
  DrawRequest,
  DrawSettings,
  ErrorCode,
  FamilyName,
  GeneratedSketch,
  InterpolateRequest,
  PrefixSettings,
  Sketch,
  Step,
  VaryRequest,
  WebDevice,
} from "cizgi/web";

type Plain<Request> = Omit<Request, "onProgress" | "onStep" | "signal">;

/** What to draw, by the name of the session's method, or by every family. */
export type Ask =
  | { readonly way: "sample"; readonly request: Plain<DrawRequest> }
  | { readonly way: "complete"; readonly request: Plain<CompleteRequest> }
  | { readonly way: "vary"; readonly request: Plain<VaryRequest> }
  | { readonly way: "interpolate"; readonly request: Plain<InterpolateRequest> }
  | { readonly way: "families"; readonly request: FamiliesRequest };

/** One drawing by each of some families; its index is the family's place among them. */
export interface FamiliesRequest {
  readonly category: string;
  readonly seed: number;
  readonly families: readonly FamilyName[];
}

/** What the engine has to download; of the families' models those that are asked for. */
export type Part = "runtime" | "model" | FamilyName;

/** What the page asks of the worker; an `id` names what its answers belong to. */
export type ToWorker =
  /** Everything is had from then on, unless it fails; `device` forces one. */
  | { readonly type: "open"; readonly device?: WebDevice }
  /** Ends what is being drawn before. */
  | { readonly type: "draw"; readonly id: number; readonly ask: Ask }
  | { readonly type: "stop" }
  | { readonly type: "gif"; readonly id: number; readonly sketch: Sketch };

/** What a model may be able to do, beside drawing. */
export const abilities = ["complete", "vary", "interpolate"] as const;
export type Ability = (typeof abilities)[number];

/** What the page has to know of a model. */
export interface ModelFacts {
  /** How it draws unless told; settings that it has not are missing. */
  readonly own: Partial<DrawSettings>;
  /** What it can do, beside drawing. */
  readonly abilities: readonly Ability[];
  /** Of its sampler, at most. */
  readonly mostSteps: number | undefined;
  /** Where guidance was distilled into it. */
  readonly maxGuidance: number | undefined;
  /** How it takes strokes to go on from, where those have to fit. */
  readonly prefix: PrefixSettings | undefined;
}

/** What was wrong with a request; the code says what, where the page has words of its own for it. */
export interface Problem {
  readonly code: ErrorCode | undefined;
  readonly message: string;
}

/** Why there is no engine: a file did not arrive, or not whole, the host forbids it, or nothing here can compute. */
export type Broken = "download" | "damage" | "forbidden" | "device";

export type FromWorker =
  | { readonly type: "download"; readonly part: Part; readonly received: number; readonly total: number }
  | {
      readonly type: "ready";
      readonly device: WebDevice;
      readonly threads: number;
      readonly model: ModelFacts;
    }
  /** The engine cannot be had. */
  | { readonly type: "broken"; readonly reason: Broken; readonly message: string }
  | { readonly type: "step"; readonly id: number; readonly step: Step<GeneratedSketch> }
  | { readonly type: "drawn"; readonly id: number; readonly sketch: GeneratedSketch }
  /** After so many milliseconds. */
  | { readonly type: "done"; readonly id: number; readonly took: number }
  | { readonly type: "gif"; readonly id: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: "failed"; readonly id: number; readonly problem: Problem };
