// The engine: draws in a worker, so that the page stays free.

import { file as modelFile } from "virtual:model";
import {
  able,
  DeviceError,
  decodeModel,
  drawSettingsOf,
  type GeneratedSketch,
  type Model,
  openSession,
  replayGif,
  type Session,
  type Step,
  UserError,
  type WebDevice,
} from "cizgi/web";
import { DownloadError, download, forget } from "./download.ts";
import {
  type Ask,
  abilities,
  type FromWorker,
  type ModelFacts,
  type Part,
  type ToWorker,
} from "./protocol.ts";
import { bestDevice, openRuntime } from "./runtime.ts";

interface Engine {
  readonly device: WebDevice;
  readonly session: Session;
}

const post = (message: FromWorker): void => self.postMessage(message);
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const progressOf = (part: Part) => (received: number, total: number) =>
  post({ type: "download", part, received, total });

let engine: Engine | undefined;
/** What is being drawn: the next one waits until it has ended. */
let current = { stop: new AbortController(), end: Promise.resolve() };

async function open(wanted: WebDevice | undefined): Promise<void> {
  const device = wanted ?? (await bestDevice());
  const [{ runtime, threads }, bytes] = await Promise.all([
    openRuntime(device, progressOf("runtime")),
    download(modelFile, progressOf("model")),
  ]);
  const model = await decoded(bytes);
  engine = { device, session: openSession(model, runtime) };
  post({ type: "ready", device, threads, model: factsOf(model, engine.session) });
}

function factsOf({ config }: Model, session: Session): ModelFacts {
  const { network } = config;
  return {
    ...drawSettingsOf(config, {}),
    abilities: abilities.filter((name) => session[name] !== undefined),
    mostSteps: "diffusionSteps" in network ? network.diffusionSteps : undefined,
    maxGuidance: "maxGuidance" in network ? network.maxGuidance : undefined,
  };
}

class DamageError extends Error {}

async function decoded(bytes: ArrayBuffer): Promise<Model> {
  try {
    return decodeModel(new Uint8Array(bytes), "model.safetensors");
  } catch (error) {
    await forget(modelFile);
    throw new DamageError(messageOf(error), { cause: error });
  }
}

const broken = (error: unknown): void => {
  const reason =
    error instanceof DownloadError ? "download" : error instanceof DamageError ? "damage" : "device";
  post({ type: "broken", reason, message: messageOf(error) });
};

async function draw(id: number, ask: Ask, signal: AbortSignal): Promise<void> {
  if (engine === undefined || signal.aborted) return;
  const started = performance.now();
  const onStep = (step: Step<GeneratedSketch>) => post({ type: "step", id, step });
  try {
    for await (const sketch of drawings(engine.session, ask, { onStep, signal }))
      post({ type: "drawn", id, sketch });
    post({ type: "done", id, took: performance.now() - started });
  } catch (error) {
    if (signal.aborted) return;
    const ofRequest = error instanceof UserError && !(error instanceof DeviceError);
    if (ofRequest) return post({ type: "failed", id, message: error.message });
    if (engine.device === "wasm") throw error;
    // What a graphics processor cannot do, WASM can.
    console.warn(error);
    await open("wasm");
    return draw(id, ask, signal);
  }
}

interface Following {
  readonly onStep: (step: Step<GeneratedSketch>) => void;
  readonly signal: AbortSignal;
}

function drawings(session: Session, { way, request }: Ask, following: Following) {
  switch (way) {
    case "sample":
      return session.sample({ ...request, ...following });
    case "complete":
      return able(session, "complete")({ ...request, ...following });
    case "vary":
      return able(session, "vary")({ ...request, ...following });
    case "interpolate":
      return able(session, "interpolate")({ ...request, ...following });
  }
}

self.addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  switch (data.type) {
    case "open":
      open(data.device).catch(broken);
      break;
    case "draw": {
      const { id, ask } = data;
      const stop = new AbortController();
      current.stop.abort();
      current = { stop, end: current.end.then(() => draw(id, ask, stop.signal)).catch(broken) };
      break;
    }
    case "stop":
      current.stop.abort();
      break;
    case "gif":
      post({ type: "gif", id: data.id, bytes: new Uint8Array(replayGif(data.sketch)) });
  }
});
