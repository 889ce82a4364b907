import { UserError } from "../base/errors.ts";

/** What takes the deltas of a set to zero mean and unit spread; float32 numbers, as the seed keeps them. */
export interface Normalisation {
  /** Mean of dx and of dy. */
  readonly mean: readonly [number, number];
  /** Standard deviation of all dx and dy together, about their common mean. */
  readonly std: number;
}

/** Running sums over the deltas of a set. */
export interface DeltaSums {
  points: number;
  x: number;
  y: number;
  squares: number;
}

export const emptySums = (): DeltaSums => ({ points: 0, x: 0, y: 0, squares: 0 });

/** Adds one drawing's deltas, [points, 2] with its padding. Exact for whole numbers, so in any order. */
export function addDeltas(sums: DeltaSums, deltas: Float32Array): void {
  for (let i = 0; i < deltas.length; i += 2) {
    const dx = deltas[i] ?? 0;
    const dy = deltas[i + 1] ?? 0;
    sums.x += dx;
    sums.y += dy;
    sums.squares += dx * dx + dy * dy;
  }
  sums.points += deltas.length / 2;
}

/**
 * The normalisation of the set whose deltas were summed.
 * @throws UserError when no drawing was added or none of them moves.
 */
export function normalisationFrom({ points, x, y, squares }: DeltaSums): Normalisation {
  const mean = (x + y) / (2 * points);
  const variance = squares / (2 * points) - mean * mean;
  if (!(variance > 0))
    throw new UserError(
      points === 0
        ? "No drawing to measure: a normalisation needs at least one drawing of 3 points or more."
        : "Every point of the drawings lies at the same place: they cannot be normalised; check the data.",
    );
  return { mean: [Math.fround(x / points), Math.fround(y / points)], std: Math.fround(Math.sqrt(variance)) };
}

/** (delta - mean) / std, each operation rounded to float32; [points, 2] to [points, 2]. */
export function normalise(deltas: Float32Array, { mean: [meanX, meanY], std }: Normalisation): Float32Array {
  return deltas.map((delta, i) => Math.fround(delta - (i % 2 === 0 ? meanX : meanY)) / std);
}

/** normalised * std + mean, each operation rounded to float32; [points, 2] to [points, 2]. */
export function denormalise(
  normalised: Float32Array,
  { mean: [meanX, meanY], std }: Normalisation,
): Float32Array {
  return normalised.map((value, i) => Math.fround(value * std) + (i % 2 === 0 ? meanX : meanY));
}
