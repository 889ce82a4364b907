import { engineState, familiesShare, openEngine } from "../engine/engine.ts";
import { linkProblem } from "../link.ts";
import { halt, sheet } from "../sheet.ts";
import { figure, words } from "../words.ts";

const deviceNames = { webgpu: "WebGPU", wasm: "WebAssembly" };

/** What the engine is doing, on what, and how long it took. */
export function Status() {
  const state = engineState.value;
  const {
    loading,
    loadingAll,
    drawing,
    ready,
    retry,
    noDownload,
    damaged,
    noDevice,
    forbidden,
    failed,
    problems,
    took,
    threads,
    stop,
    linkTooLong,
  } = words.value;
  const reasons = { download: noDownload, damage: damaged, device: noDevice, forbidden };
  const { cells, running, took: ms, failed: problem } = sheet.value;
  switch (state.is) {
    case "coming":
      return (
        <p class="status">
          <Loading what={loading} share={state.share} />
        </p>
      );
    case "broken":
      return (
        <p class="status broken" role="alert">
          {reasons[state.reason]}{" "}
          <button type="button" class="main" onClick={openEngine}>
            {retry}
          </button>
          <small>{state.message}</small>
        </p>
      );
    case "ready": {
      const where =
        state.device === "wasm"
          ? `${deviceNames.wasm}, ${threads(state.threads)}`
          : deviceNames[state.device];
      const done = ms === undefined ? ready : took(cells.length, figure(ms / 1000, 1));
      const what = problem
        ? `${failed} ${(problem.code && problems[problem.code]) ?? problem.message}`
        : running
          ? drawing
          : done;
      const share = running ? familiesShare.value : undefined;
      return (
        <p class="status" role="status">
          {share === undefined ? what : <Loading what={loadingAll} share={share} />} · {where}{" "}
          {running && !problem && (
            <button type="button" class="quiet" onClick={halt}>
              {stop}
            </button>
          )}
          {linkProblem.value && <small>{linkTooLong}</small>}
        </p>
      );
    }
  }
}

const Loading = ({ what, share }: { what: string; share: number }) => (
  <>
    {what} {figure(share * 100, 0)} % <progress value={share} aria-label={what} />
  </>
);
