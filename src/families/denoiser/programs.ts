import type { Known, Predict } from "../../diffusion/estimate.ts";
import { evaluationTimes } from "../../diffusion/samplers.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { keepLast } from "../keep-last.ts";
import { labelOf } from "../label.ts";
import { blended, compileConditions, computeConditions, predictor } from "./conditions.ts";
import { asksTwice } from "./draw-settings.ts";
import type { RowSettings, SizedNetwork } from "./network.ts";
import { compileDenoiser } from "./program.ts";

/** What the network is asked for. */
interface Question {
  readonly category: string;
  /** Another category, and how much of it, 0 .. 1. */
  readonly blend?: { readonly category: string; readonly share: number } | undefined;
  readonly guidance: number;
  /** The time steps of a trajectory. */
  readonly times: readonly number[];
  /** What is known of every drawing before. */
  readonly known?: Known | undefined;
}

/** A model's network, compiled. */
export interface Programs {
  /** Rows of the network that one drawing takes. */
  rowsEach(guidance: number): number;
  /** What makes a function that asks the network about so many drawings, or fewer, of their codes, if it decodes any. */
  predictors(question: Question, drawings: number): Promise<(codes?: Float32Array) => Predict>;
  dispose(): Promise<void>;
}

/** Keeps the compiled network from one question to the next, as long as they are about as many drawings. */
export function openPrograms<S extends RowSettings>(
  sized: SizedNetwork<S>,
  weights: Float32Array,
  categories: readonly string[],
  runtime: Runtime,
): Programs {
  const { points, channels, maxGuidance, prefixConditioning } = sized.sizes;
  const rowSize = points * channels;
  const nothing: Known = { values: new Float32Array(rowSize), mask: new Uint8Array(rowSize) };
  const denoisers = keepLast((rows) => compileDenoiser(sized, weights, rows, runtime));
  const conditioners = keepLast((pairs) => compileConditions(sized, weights, pairs, runtime));
  const rowsEach = (guidance: number): number => (asksTwice(sized.sizes, guidance) ? 2 : 1);

  async function conditionsOf({ category, blend, guidance, times: visited }: Question) {
    const times = evaluationTimes(visited);
    const asked = [category, ...(blend ? [blend.category] : [])].map((name) => labelOf({ categories }, name));
    const labels = rowsEach(guidance) === 2 ? [...asked, categories.length] : asked;
    const program = await conditioners.get(times.length * labels.length);
    const told = maxGuidance ? guidance : undefined;
    const conditions = await computeConditions(program, times, labels, told);
    return blend ? blended(conditions, blend.share) : conditions;
  }

  return {
    rowsEach,
    async predictors(question, drawings) {
      const rows = drawings * rowsEach(question.guidance);
      const [denoiser, conditions] = await Promise.all([denoisers.get(rows), conditionsOf(question)]);
      const known = prefixConditioning > 0 ? (question.known ?? nothing) : undefined;
      return (codes) => predictor(denoiser, conditions, drawings, { known, codes });
    },
    async dispose() {
      await denoisers.dispose();
      await conditioners.dispose();
    },
  };
}
