import { engineState } from "./engine/engine.ts";
import type { Ability } from "./engine/protocol.ts";
import type { View } from "./state.ts";

const needs: Readonly<Record<View, Ability | undefined>> = {
  draw: undefined,
  together: "complete",
  vary: "vary",
  between: "interpolate",
};

/** Whether the model can do what a view asks of it; while it is on its way, it may. */
export function can(name: View): boolean {
  const [state, need] = [engineState.value, needs[name]];
  return need === undefined || state.is !== "ready" || state.model.abilities.includes(need);
}
