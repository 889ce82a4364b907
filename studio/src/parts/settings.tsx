import { completionGuidance, samplerNames } from "cizgi/web";
import type { ComponentChildren } from "preact";
import { engineState } from "../engine/engine.ts";
import type { ModelFacts } from "../engine/protocol.ts";
import { LEAST_TEMPERATURE, MOST_GUIDANCE, MOST_STEPS, MOST_TEMPERATURE, settings, view } from "../state.ts";
import { figure, words } from "../words.ts";
import { SliderField } from "./fields.tsx";

const names = { ddim: "DDIM", heun: "Heun", dpm: "DPM-Solver++", dpm1: "DPM-Solver++(1)" };

/** How the model would draw by itself in the view at hand; eta has no control. */
function ownSettings({ own: { eta: _, ...own }, maxGuidance }: ModelFacts): typeof settings.value {
  if (own.guidance === undefined || view.value !== "together") return own;
  return { ...own, guidance: completionGuidance({ guidance: own.guidance, maxGuidance }) };
}

/** What one seldom changes: of the view at hand, and how the model draws. */
export function Settings({ children }: { children: ComponentChildren }) {
  const state = engineState.value;
  // The families draw in their own ways.
  const model = state.is === "ready" && view.value !== "ways" ? state.model : undefined;
  return (
    <details class="settings">
      <summary>{words.value.settings}</summary>
      <div class="panel">
        {children}
        {model && <ModelSettings model={model} />}
      </div>
    </details>
  );
}

/** The settings that the model has. */
function ModelSettings({ model }: { model: ModelFacts }) {
  const { steps: stepsWord, guidance: guidanceWord, sampler: samplerWord } = words.value;
  const own = ownSettings(model);
  const { steps, guidance, sampler, temperature } = { ...own, ...settings.value };
  const change = (changed: typeof settings.value) => {
    const wanted = Object.entries({ ...settings.value, ...changed });
    // What the model would choose itself need not be said, here or in a link.
    const told = wanted.filter(
      ([name, value]) => new Map<string, unknown>(Object.entries(own)).get(name) !== value,
    );
    settings.value = Object.fromEntries(told);
  };
  return (
    <>
      {steps !== undefined && (
        <SliderField
          label={stepsWord}
          value={steps}
          least={1}
          most={Math.min(MOST_STEPS, model.mostSteps ?? MOST_STEPS)}
          step={1}
          shown={String(steps)}
          onChange={(value) => change({ steps: value })}
        />
      )}
      {guidance !== undefined && (
        <SliderField
          label={guidanceWord}
          value={guidance}
          least={0}
          most={Math.min(MOST_GUIDANCE, model.maxGuidance ?? MOST_GUIDANCE)}
          step={0.1}
          shown={figure(guidance, 2)}
          onChange={(value) => change({ guidance: value })}
        />
      )}
      {temperature !== undefined && (
        <SliderField
          label={words.value.temperature}
          value={temperature}
          least={LEAST_TEMPERATURE}
          most={MOST_TEMPERATURE}
          step={0.05}
          shown={figure(temperature, 2)}
          onChange={(value) => change({ temperature: value })}
        />
      )}
      {sampler !== undefined && (
        <label class="field">
          <span>{samplerWord}</span>
          <select
            value={sampler}
            onChange={({ currentTarget }) => {
              const chosen = samplerNames.find((name) => name === currentTarget.value);
              if (chosen) change({ sampler: chosen });
            }}
          >
            {samplerNames.map((name) => (
              <option key={name} value={name}>
                {names[name]}
              </option>
            ))}
          </select>
        </label>
      )}
    </>
  );
}
