import { at } from "../../base/at.ts";
import type { Known, NetworkOutput, Predict } from "../../diffusion/estimate.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { Program } from "../../runtime/session.ts";
import { buildConditions, conditionName, parametersOf, type SizedNetwork } from "./network.ts";
import { type DenoiserProgram, weightsOf } from "./program.ts";

/** The conditions of every time step with every label. */
export interface Conditions {
  readonly times: readonly number[];
  readonly labels: readonly number[];
  /** By the name of the input that takes it, a row for each label of the first time step, then of the second, … */
  readonly rows: Readonly<Record<string, Float32Array>>;
}

/** Compiles the network's first part for so many pairs of a time step and a label. */
export function compileConditions(
  network: SizedNetwork,
  weights: Float32Array,
  pairs: number,
  runtime: Runtime,
): Promise<Program<string>> {
  const { output, parameters } = buildConditions(network, pairs);
  const named = Object.entries(output).map(
    ([place, condition]) => [conditionName(place), condition] as const,
  );
  return runtime.compile<string>(
    Object.fromEntries(named),
    weightsOf(parametersOf(network), weights, parameters),
  );
}

/**
 * Runs the first part, once for all that a sampler will ask.
 * @param guidance for a network that has it distilled.
 */
export async function computeConditions(
  program: Program<string>,
  times: readonly number[],
  labels: readonly number[],
  guidance?: number,
): Promise<Conditions> {
  const pairs = times.length * labels.length;
  const rows = await program.run({
    times: Float32Array.from(times.flatMap((time) => labels.map(() => time))),
    labels: BigInt64Array.from(times.flatMap(() => labels.map(BigInt))),
    ...(guidance !== undefined && { guidance: new Float32Array(pairs).fill(guidance) }),
  });
  return { times, labels, rows };
}

/** The first two labels' conditions as one, so much of it the second's, then those of further labels. */
export function blended({ times, labels, rows }: Conditions, share: number): Conditions {
  const mixed = Object.entries(rows).map(([name, values]) => {
    const size = values.length / (times.length * labels.length);
    const row = (time: number, label: number) => {
      const start = (time * labels.length + label) * size;
      return values.subarray(start, start + size);
    };
    const kept = new Float32Array(values.length - times.length * size);
    for (const time of times.keys()) {
      const place = time * (labels.length - 1) * size;
      const [first, second] = [row(time, 0), row(time, 1)];
      kept.set(
        first.map((value, i) => (1 - share) * value + share * at(second, i)),
        place,
      );
      for (let label = 2; label < labels.length; label++)
        kept.set(row(time, label), place + (label - 1) * size);
    }
    return [name, kept] as const;
  });
  return { times, labels: labels.slice(1), rows: Object.fromEntries(mixed) };
}

/**
 * Asks a denoiser about `batch` drawings: with the first label, and for guidance with the second in the same run.
 * @param told what is known of every drawing, for a network that is told; it sees that without noise. Of the drawings
 * that are decoded from codes these, [batch, codeSize] or fewer; the second label goes without.
 */
export function predictor(
  denoiser: DenoiserProgram,
  conditions: Conditions,
  batch: number,
  { known, codes }: { readonly known?: Known | undefined; readonly codes?: Float32Array | undefined } = {},
): Predict {
  const { times, labels } = conditions;
  const places = new Map(times.map((time, place) => [time, place]));
  const placeOf = (t: number): number => {
    const place = places.get(t);
    if (place === undefined) throw new Error(`no conditions were computed for time step ${t}`);
    return place;
  };
  const code = codes && padded(codes, denoiser.codeSize * denoiser.rows);
  return async (x, t) => {
    const noisy = new Float32Array(denoiser.rows * (x.length / batch));
    for (const half of labels.keys()) noisy.set(x, half * x.length);
    const told = known && tell(noisy, known);
    // Rows that fill the denoiser up repeat the last label.
    const labelOf = (row: number) => Math.min(Math.floor(row / batch), labels.length - 1);
    const first = placeOf(t) * labels.length;
    const rows = rowsOf(conditions, denoiser.rows, (row) => first + labelOf(row));
    const { prediction, penLogits } = await denoiser.run({
      noisy,
      ...rows,
      ...(told && { known: told }),
      ...(code && { code }),
    });
    const part = (array: Float32Array, which: number) => {
      const length = (array.length / denoiser.rows) * batch;
      return array.subarray(which * length, (which + 1) * length);
    };
    const half = (which: number): NetworkOutput => ({
      prediction: part(prediction, which),
      ...(penLogits && { penLogits: part(penLogits, which) }),
    });
    return { conditional: half(0), ...(labels.length > 1 && { unconditional: half(1) }) };
  };
}

/** Numbers, and zeros up to so many. */
function padded(numbers: Float32Array, length: number): Float32Array {
  const all = new Float32Array(length);
  all.set(numbers);
  return all;
}

/** For each of so many rows the condition row of its kind. */
function rowsOf({ times, labels, rows }: Conditions, count: number, kindOf: (row: number) => number) {
  const picked = Object.entries(rows).map(([name, values]) => {
    const size = values.length / (times.length * labels.length);
    const all = new Float32Array(count * size);
    for (let row = 0; row < count; row++)
      all.set(values.subarray(kindOf(row) * size, (kindOf(row) + 1) * size), row * size);
    return [name, all] as const;
  });
  return Object.fromEntries(picked);
}

/** Puts what is known of a drawing in the place of the noise, in every row; the result is 1 on known points, [rows, points]. */
function tell(noisy: Float32Array, { values, mask }: Known): Float32Array {
  const told = new Float32Array(noisy.length / 3);
  for (let i = 0; i < noisy.length; i++) {
    const place = i % mask.length;
    if (mask[place] === 0) continue;
    noisy[i] = at(values, place);
    told[Math.floor(i / 3)] = 1;
  }
  return told;
}
