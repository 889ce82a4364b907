import { families } from "virtual:model";
import { signal } from "@preact/signals";
import type { GeneratedSketch, Sketch, Step, WebDevice } from "cizgi/web";
import type { Ask, Broken, FromWorker, ModelFacts, Part, Problem, ToWorker } from "./protocol.ts";

/** How the engine is: on its way, there, or not to be had. */
export type EngineState =
  | { readonly is: "coming"; readonly share: number }
  | { readonly is: "ready"; readonly device: WebDevice; readonly threads: number; readonly model: ModelFacts }
  | { readonly is: "broken"; readonly reason: Broken; readonly message: string };

/** What is told of drawings while they are made. */
export interface Listener {
  onStep(step: Step<GeneratedSketch>): void;
  onDrawn(sketch: GeneratedSketch): void;
  /** After so many milliseconds. */
  onDone(took: number): void;
  onFailed(problem: Problem): void;
}

export const engineState = signal<EngineState>({ is: "coming", share: 0 });
/** How much of the families' models is there; undefined where none is on its way. */
export const familiesShare = signal<number | undefined>(undefined);

let worker: Worker | undefined;
const ask = (message: ToWorker): void => worker?.postMessage(message);

const listeners = new Map<number, Listener>();
const gifs = new Map<number, (bytes: Uint8Array<ArrayBuffer>) => void>();
const downloads = new Map<Part, { received: number; total: number }>();
let ids = 0;

/** The device that `?device=wasm` in the page's address forces. */
const forced = (): WebDevice | undefined => {
  const device = new URLSearchParams(location.search).get("device");
  return device === "wasm" || device === "webgpu" ? device : undefined;
};

/** Gets the engine; again, where something failed that may not fail twice. */
export function openEngine(): void {
  worker?.terminate();
  worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "cizgi" });
  worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => hear(data));
  worker.addEventListener("error", (event) => {
    // Only what happens in a script has a message; else it never came.
    const { message = "the script of the engine" }: Partial<ErrorEvent> = event;
    const reason = event instanceof ErrorEvent ? "device" : "download";
    engineState.value = { is: "broken", reason, message };
  });
  engineState.value = { is: "coming", share: 0 };
  familiesShare.value = undefined;
  downloads.clear();
  const device = forced();
  ask({ type: "open", ...(device && { device }) });
}

/** Draws; what was being drawn before ends. */
export function draw(what: Ask, listener: Listener): void {
  listeners.clear();
  listeners.set(++ids, listener);
  ask({ type: "draw", id: ids, ask: what });
}

export function stopDrawing(): void {
  listeners.clear();
  ask({ type: "stop" });
}

/** A GIF of the drawing being drawn. */
export function toGif({ strokes }: Sketch): Promise<Uint8Array<ArrayBuffer>> {
  const id = ++ids;
  ask({ type: "gif", id, sketch: { strokes } });
  return new Promise((resolve) => gifs.set(id, resolve));
}

function shareOfFamilies(): number | undefined {
  const models = Object.entries(families?.models ?? {});
  const sizes = new Map<string, number>(models.map(([name, { bytes }]) => [name, bytes]));
  const parts = [...downloads].filter(([part]) => sizes.has(part));
  const all = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  const share = parts.reduce((sum, [, { received }]) => sum + received, 0) / all;
  return share < 1 ? share : undefined;
}

function hear(data: FromWorker): void {
  switch (data.type) {
    case "download": {
      // One part may still be coming when the other has failed.
      if (engineState.value.is === "broken") break;
      downloads.set(data.part, data);
      if (data.part === "runtime" || data.part === "model") {
        const all = [downloads.get("runtime"), downloads.get("model")];
        const sum = (of: "received" | "total") => all.reduce((bytes, part) => bytes + (part?.[of] ?? 0), 0);
        engineState.value = { is: "coming", share: sum("received") / sum("total") };
      } else familiesShare.value = shareOfFamilies();
      break;
    }
    case "ready":
      engineState.value = { is: "ready", device: data.device, threads: data.threads, model: data.model };
      break;
    case "broken":
      engineState.value = { is: "broken", reason: data.reason, message: data.message };
      break;
    case "gif":
      gifs.get(data.id)?.(data.bytes);
      gifs.delete(data.id);
      break;
    case "step":
      listeners.get(data.id)?.onStep(data.step);
      break;
    case "drawn":
      listeners.get(data.id)?.onDrawn(data.sketch);
      break;
    case "done":
      listeners.get(data.id)?.onDone(data.took);
      break;
    case "failed":
      listeners.get(data.id)?.onFailed(data.problem);
  }
}
