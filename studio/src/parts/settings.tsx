import { completionGuidance, samplerNames } from "cizgi/web";
import type { ModelFacts } from "../engine/protocol.ts";
import { settings, view } from "../state.ts";
import { figure, words } from "../words.ts";
import { SliderField } from "./fields.tsx";

const names = { ddim: "DDIM", heun: "Heun", dpm: "DPM-Solver++", dpm1: "DPM-Solver++(1)" };

/** The way from noise to a drawing. */
export function Settings({ model }: { model: ModelFacts }) {
  const { settings: title, steps: stepsWord, guidance: guidanceWord, sampler: samplerWord } = words.value;
  const own = {
    steps: model.steps,
    guidance: view.value === "together" ? completionGuidance(model) : model.guidance,
    sampler: model.sampler,
  };
  const chosen = { ...own, ...settings.value };
  const { steps, guidance, sampler } = chosen;
  const change = (changed: typeof settings.value) => {
    const wanted = { ...chosen, ...changed };
    // What the model would choose itself need not be said, here or in a link.
    settings.value = {
      ...(wanted.steps !== own.steps && { steps: wanted.steps }),
      ...(wanted.guidance !== own.guidance && { guidance: wanted.guidance }),
      ...(wanted.sampler !== own.sampler && { sampler: wanted.sampler }),
    };
  };
  return (
    <details class="settings">
      <summary>{title}</summary>
      <div class="panel">
        <SliderField
          label={stepsWord}
          value={steps}
          least={1}
          most={Math.min(50, model.diffusionSteps)}
          step={1}
          shown={String(steps)}
          onChange={(value) => change({ steps: value })}
        />
        <SliderField
          label={guidanceWord}
          value={guidance}
          least={0}
          most={model.maxGuidance ?? 6}
          step={0.1}
          shown={figure(guidance, 2)}
          onChange={(value) => change({ guidance: value })}
        />
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
      </div>
    </details>
  );
}
