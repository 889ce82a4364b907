import { at, playing, speed, speeds, timeline, togglePlaying } from "../player.ts";
import { figure, words } from "../words.ts";

/**
 * Play, pause, speed, and the time to slide through.
 * @param first what the time before the pen is called.
 */
export function PlayerBar({ first = words.value.noise }: { first?: string }) {
  const { end, denoising } = timeline.value;
  const { play, pause, time, pen, speed: speedWord } = words.value;
  const share = end > 0 ? denoising / end : 0;
  const nextSpeed = () => {
    speed.value = speeds[(speeds.indexOf(speed.value) + 1) % speeds.length] ?? speeds[0];
  };
  return (
    <div class="player">
      <button
        type="button"
        class="round"
        aria-label={playing.value ? pause : play}
        onClick={togglePlaying}
        disabled={end === 0}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">
          {playing.value ? <path d="M8 6v12M16 6v12" /> : <path d="M8 5.5v13l10.5-6.5z" class="full" />}
        </svg>
      </button>
      <div class={end > 0 ? "track" : "track empty"} style={{ "--denoising": share }}>
        <input
          type="range"
          min="0"
          max={end || 1}
          step="any"
          value={at.value}
          disabled={end === 0}
          aria-label={time}
          aria-valuetext={`${figure(at.value, 1)} s, ${at.value < denoising ? first : pen}`}
          onInput={({ currentTarget }) => {
            playing.value = false;
            at.value = currentTarget.valueAsNumber;
          }}
        />
        <span class="phases" aria-hidden="true">
          <span>{first}</span>
          <span>{pen}</span>
        </span>
      </div>
      <button
        type="button"
        class="quiet speed"
        aria-label={`${speedWord} ${figure(speed.value, 1)}`}
        onClick={nextSpeed}
      >
        {speed.value === 0.5 ? "½" : speed.value}×
      </button>
    </div>
  );
}
