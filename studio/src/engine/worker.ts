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
import { DamageError, DownloadError, download } from "./download.ts";
import { type FamilySessions, familySessions } from "./family-sessions.ts";
import {
  type Ask,
  abilities,
  type Broken,
  type FamiliesRequest,
  type FromWorker,
  type ModelFacts,
  type Part,
  type ToWorker,
} from "./protocol.ts";
import { bestDevice, binaryOf, ForbiddenError, openRuntime } from "./runtime.ts";

interface Engine {
  readonly device: WebDevice;
  readonly session: Session;
  readonly families: FamilySessions;
}

const post = (message: FromWorker): void => self.postMessage(message);
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const progressOf =
  (part: Part, { bytes: total }: FetchedFile) =>
  (received: number) =>
    post({ type: "download", part, received, total });

/** Downloads what the engine needs; how much it is, is known before. */
function had(part: Part, file: FetchedFile): Promise<ArrayBuffer> {
  const onProgress = progressOf(part, file);
  onProgress(0);
  return download(file, onProgress);
}

let engine: Engine | undefined;
/** What is being drawn: the next one waits until it has ended. */
let current = { stop: new AbortController(), end: Promise.resolve() };

async function open(wanted: WebDevice | undefined): Promise<void> {
  const device = wanted ?? (await bestDevice());
  const [{ runtime, threads }, bytes] = await Promise.all([
    openRuntime(device, had("runtime", binaryOf(device))),
    had("model", modelFile),
  ]);
  const model = decodeModel(new Uint8Array(bytes), "model.safetensors");
  engine = {
    device,
    session: openSession(model, runtime),
    families: familySessions(runtime, progressOf),
  };
  post({ type: "ready", device, threads, model: factsOf(model, engine.session) });
}

function factsOf({ config }: Model, session: Session): ModelFacts {
  const { network } = config;
  return {
    own: drawSettingsOf(config, {}),
    abilities: abilities.filter((name) => session[name] !== undefined),
    mostSteps: "diffusionSteps" in network ? network.diffusionSteps : undefined,
    maxGuidance: "maxGuidance" in network ? network.maxGuidance : undefined,
    prefix: "prefixConditioning" in network ? network : undefined,
  };
}

function reasonOf(error: unknown): Broken {
  if (error instanceof DownloadError) return "download";
  if (error instanceof DamageError) return "damage";
  return error instanceof ForbiddenError ? "forbidden" : "device";
}

const broken = (error: unknown): void => {
  post({ type: "broken", reason: reasonOf(error), message: messageOf(error) });
};

async function draw(id: number, ask: Ask, signal: AbortSignal): Promise<void> {
  if (engine === undefined || signal.aborted) return;
  const started = performance.now();
  const onStep = (step: Step<GeneratedSketch>) => post({ type: "step", id, step });
  try {
    for await (const sketch of drawings(engine, ask, { onStep, signal })) post({ type: "drawn", id, sketch });
    post({ type: "done", id, took: performance.now() - started });
  } catch (error) {
    if (signal.aborted) return;
    const ofRequest = error instanceof UserError && !(error instanceof DeviceError);
    if (ofRequest) {
      const { code, message } = error;
      return post({ type: "failed", id, problem: { code, message } });
    }
    if (engine.device === "wasm" || error instanceof DownloadError || error instanceof DamageError)
      throw error;
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

/** What is waited for, or the end of waiting. */
const unlessStopped = <T>(wanted: Promise<T>, signal: AbortSignal): Promise<T> =>
  Promise.race([
    wanted,
    new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  ]);

/** One drawing by one family after the other; the models of the next ones are on their way meanwhile. */
async function* drawnByEach(
  { families }: Engine,
  { families: names, ...request }: FamiliesRequest,
  { onStep, signal }: Following,
): AsyncGenerator<GeneratedSketch> {
  families.fetch(names);
  for (const [index, name] of names.entries()) {
    const session = await unlessStopped(families.open(name), signal);
    const placed = (sketch: GeneratedSketch) => ({ ...sketch, index });
    const drawing = session.sample({
      ...request,
      onStep: ({ noisy, estimates }) =>
        onStep({ noisy: noisy.map(placed), estimates: estimates.map(placed) }),
      signal,
    });
    for await (const sketch of drawing) yield placed(sketch);
  }
}

function drawings(open: Engine, { way, request }: Ask, following: Following) {
  const { session } = open;
  switch (way) {
    case "families":
      return drawnByEach(open, request, following);
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
