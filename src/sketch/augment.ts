import type { RandomStream } from "../base/random.ts";

const FLIP_CHANCE = 0.5;
const SCALE_CHANCE = 0.3;
const SCALE: readonly [number, number] = [0.85, 1.15];
const ROTATION_CHANCE = 0.2;
/** Radians. */
const ROTATION: readonly [number, number] = [-0.1, 0.1];

/**
 * The seed's augmentation of normalised deltas, [points, 2], padding included: a mirrored drawing in every second
 * case, at times a larger, smaller or turned one. Everything random comes from `stream`.
 */
export function augment(deltas: Float32Array, stream: RandomStream): Float32Array {
  const within = ([low, high]: readonly [number, number]) => low + (high - low) * stream.uniform();
  const mirror = stream.uniform() < FLIP_CHANCE ? -1 : 1;
  const scale = stream.uniform() < SCALE_CHANCE ? within(SCALE) : 1;
  const angle = stream.uniform() < ROTATION_CHANCE ? within(ROTATION) : 0;
  const cos = scale * Math.cos(angle);
  const sin = scale * Math.sin(angle);
  const augmented = new Float32Array(deltas.length);
  for (let i = 0; i < deltas.length; i += 2) {
    const dx = mirror * (deltas[i] ?? 0);
    const dy = deltas[i + 1] ?? 0;
    augmented[i] = cos * dx - sin * dy;
    augmented[i + 1] = sin * dx + cos * dy;
  }
  return augmented;
}
