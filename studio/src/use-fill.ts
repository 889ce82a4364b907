import { useEffect } from "preact/hooks";
import { engineState } from "./engine/engine.ts";
import type { Ask } from "./engine/protocol.ts";
import { fill } from "./sheet.ts";

/** Fills the sheet as soon as the engine is there, and whenever something else is asked for. */
export function useFill(ask: Ask | undefined, delay = 0): void {
  const ready = engineState.value.is === "ready";
  useEffect(() => {
    if (!ready || ask === undefined) return;
    const soon = setTimeout(() => fill(ask), delay);
    return () => clearTimeout(soon);
  }, [ready, JSON.stringify(ask)]);
}
