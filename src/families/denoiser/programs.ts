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

/**
 * Keeps the compiled network from one question to the next, as long as they are about as many drawings.
 * @param guide weights of the same network whose word without a category guidance goes away from; its own unless given.
 */
export function openPrograms<S extends RowSettings>(
  sized: SizedNetwork<S>,
  weights: Float32Array,
  categories: readonly string[],
  runtime: Runtime,
  guide?: Float32Array,
): Programs {
  const rowsEach = (guidance: number): number => (asksTwice(sized.sizes, guidance) ? 2 : 1);
  const own = openNetwork(sized, weights, runtime);
  const other = guide && openNetwork(sized, guide, runtime);
  return {
    rowsEach,
    async predictors(question, drawings) {
      const { category, blend, guidance } = question;
      const asked = [category, ...(blend ? [blend.category] : [])].map((name) =>
        labelOf({ categories }, name),
      );
      if (rowsEach(guidance) === 1) return own.predictors(question, asked, drawings);
      const noClass = categories.length;
      if (other === undefined) return own.predictors(question, [...asked, noClass], drawings);
      const [conditional, unconditional] = await Promise.all([
        own.predictors(question, asked, drawings),
        other.predictors({ ...question, blend: undefined }, [noClass], drawings),
      ]);
      return (codes) => bothOf(conditional(codes), unconditional(codes));
    },
    async dispose() {
      await own.dispose();
      await other?.dispose();
    },
  };
}

/** What one network says with a category, and another without. */
const bothOf =
  (conditional: Predict, unconditional: Predict): Predict =>
  async (x, t) => ({
    conditional: (await conditional(x, t)).conditional,
    unconditional: (await unconditional(x, t)).conditional,
  });

/** One network with its weights, compiled. */
function openNetwork(sized: SizedNetwork, weights: Float32Array, runtime: Runtime) {
  const { points, channels, maxGuidance, prefixConditioning } = sized.sizes;
  const rowSize = points * channels;
  const nothing: Known = { values: new Float32Array(rowSize), mask: new Uint8Array(rowSize) };
  const denoisers = keepLast((rows) => compileDenoiser(sized, weights, rows, runtime));
  const conditioners = keepLast((pairs) => compileConditions(sized, weights, pairs, runtime));

  async function conditionsOf({ blend, guidance, times: visited }: Question, labels: readonly number[]) {
    const times = evaluationTimes(visited);
    const program = await conditioners.get(times.length * labels.length);
    const told = maxGuidance ? guidance : undefined;
    const conditions = await computeConditions(program, times, labels, told);
    return blend ? blended(conditions, blend.share) : conditions;
  }

  return {
    /** With conditions of these labels; of a blend the first two become one. */
    async predictors(question: Question, labels: readonly number[], drawings: number) {
      const rows = drawings * (labels.length - (question.blend ? 1 : 0));
      const [denoiser, conditions] = await Promise.all([denoisers.get(rows), conditionsOf(question, labels)]);
      const known = prefixConditioning > 0 ? (question.known ?? nothing) : undefined;
      return (codes?: Float32Array) => predictor(denoiser, conditions, drawings, { known, codes });
    },
    async dispose() {
      await denoisers.dispose();
      await conditioners.dispose();
    },
  };
}
