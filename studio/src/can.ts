import { families } from "virtual:model";
import { engineState } from "./engine/engine.ts";
import type { Ability } from "./engine/protocol.ts";
import type { View } from "./state.ts";

const needs: Readonly<Record<View, Ability | undefined>> = {
  draw: undefined,
  together: "complete",
  vary: "vary",
  between: "interpolate",
  ways: undefined,
};

/** Whether what a view asks for can be done: by the model, which may while it is on its way; by the families' models. */
export function can(name: View): boolean {
  if (name === "ways") return families !== undefined;
  const [state, need] = [engineState.value, needs[name]];
  return need === undefined || state.is !== "ready" || state.model.abilities.includes(need);
}
