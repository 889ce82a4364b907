import type { ComponentChildren } from "preact";
import { view } from "../state.ts";
import { words } from "../words.ts";

/** A number with buttons for one less and one more. */
export function NumberField({
  label,
  value,
  least,
  most,
  onChange,
}: {
  label: string;
  value: number;
  least: number;
  most: number;
  onChange: (value: number) => void;
}) {
  const set = (wanted: number) => {
    const whole = Math.round(Math.min(Math.max(wanted, least), most));
    if (Number.isFinite(whole) && whole !== value) onChange(whole);
  };
  return (
    <label class="field number">
      <span>{label}</span>
      <span class="stepper">
        <button
          type="button"
          tabIndex={-1}
          aria-hidden="true"
          disabled={value <= least}
          onClick={() => set(value - 1)}
        >
          −
        </button>
        <input
          type="number"
          // The label's own is its first button.
          aria-label={label}
          inputMode="numeric"
          min={least}
          max={most}
          value={value}
          onChange={({ currentTarget }) => {
            set(currentTarget.valueAsNumber);
            currentTarget.value = String(value);
          }}
        />
        <button
          type="button"
          tabIndex={-1}
          aria-hidden="true"
          disabled={value >= most}
          onClick={() => set(value + 1)}
        >
          +
        </button>
      </span>
    </label>
  );
}

/** A value to slide to; it changes when the slider is let go. */
export function SliderField({
  label,
  value,
  least,
  most,
  step,
  shown,
  onChange,
}: {
  label: string;
  value: number;
  least: number;
  most: number;
  step: number;
  shown: string;
  onChange: (value: number) => void;
}) {
  return (
    <label class="field slider">
      <span>
        {label} <span class="shown">{shown}</span>
      </span>
      <input
        type="range"
        min={least}
        max={most}
        step={step}
        value={value}
        aria-valuetext={shown}
        onChange={({ currentTarget }) => onChange(currentTarget.valueAsNumber)}
      />
    </label>
  );
}

/** The row above a view's drawings: what one does here, and with what. */
export const Controls = ({ children }: { children: ComponentChildren }) => (
  <div class="controls">
    <p class="lead">{words.value.leads[view.value]}</p>
    {children}
  </div>
);
