import type { ManifoldMeasures } from "./neighbours.ts";
import type { Novelty } from "./novelty.ts";

/** Mean and standard deviation over repetitions, such as KID's subsets. */
export interface Spread {
  readonly mean: number;
  readonly std: number;
}

/** How well a feature network recognises drawings, in shares of them, 0 to 1. */
export interface Recognition {
  /** The asked category is the network's first guess among all categories that it knows. */
  readonly top1: number;
  /** The asked category is among its first five guesses. */
  readonly top5: number;
  /** The asked category is its first guess among the evaluated categories. */
  readonly agreement: number;
}

/** One category of a set of drawings; shares of 0 to 1, absent where the network knows no categories. */
export interface CategoryResult {
  /** Drawings of this category. */
  readonly count: number;
  readonly top1?: number;
  readonly top5?: number;
}

/** How far each statistic of the strokes lies from that of the reference: Wasserstein distance in its standard deviations. */
export interface SequenceDistances {
  /** Points of a drawing. */
  readonly points: number;
  /** Strokes of a drawing. */
  readonly strokes: number;
  /** Length of a stroke. */
  readonly strokeLength: number;
  /** Length of all lines of a drawing. */
  readonly ink: number;
  /** Way of the lifted pen from stroke to stroke. */
  readonly travel: number;
}

/** What is measured of a set of drawings against the reference. */
export interface Measures extends ManifoldMeasures {
  readonly fid: number;
  /** FID extrapolated to infinitely many drawings; absent for too few drawings or too many features. */
  readonly fidInfinity?: number;
  /** Over subsets; as it is, not times 1000. */
  readonly kid: Spread;
  /** Absent where the network knows no categories. */
  readonly recognition?: Recognition;
  /** Absent for the floor, and without training drawings to compare with. */
  readonly novelty?: Novelty;
  readonly sequence: SequenceDistances;
  /** The seed's numbers (`pixel.ts`). */
  readonly pixelFid: number;
  readonly pixelKid: number;
}

/** A set of drawings and what was measured of it. */
export interface EvaluationRow {
  readonly name: string;
  /** What the drawings are and how they were made. */
  readonly description: string;
  readonly measures: Measures;
  readonly perCategory: Readonly<Record<string, CategoryResult>>;
}

/** Sets of drawings measured against the same held-out real ones, the reference: what `metrics.json` holds. */
export interface Evaluation {
  readonly format: 1;
  readonly network: {
    readonly name: string;
    /** First 12 hexadecimal digits of the SHA-256 of the weights' file. */
    readonly hash: string;
    /** Features of a drawing. */
    readonly size: number;
  };
  /** Drawings on each side. */
  readonly count: number;
  readonly categories: readonly string[];
  /** What the reference is, in words. */
  readonly reference: string;
  /** Training drawings that novelty was measured against. */
  readonly training: number;
  /** Where drawings by models were picked: each is the best of so many. */
  readonly bestOf?: number;
  /** First the floor, real training drawings; then the generated sets, at least one. */
  readonly rows: readonly EvaluationRow[];
  /** How the network recognises the reference itself; absent where it knows no categories. */
  readonly realRecognition?: Recognition & { readonly perCategory: Readonly<Record<string, CategoryResult>> };
  /** The same sets, measured by a second network, which nothing was chosen or picked by. */
  readonly secondJudge?: Evaluation;
}
