import type { Sketch } from "../sketch/sketch.ts";

/** Features of drawings: row i of `values`, [count, size], belongs to drawing i. */
export interface Features {
  readonly count: number;
  readonly size: number;
  readonly values: Float32Array;
}

/** What a feature network says of drawings. */
export interface Description {
  readonly features: Features;
  /** Row i, [count, categories], belongs to drawing i; absent where the network knows no categories. */
  readonly logits?: Float32Array;
}

/** What is told while drawings are looked at, and how that is stopped. */
export interface DescribeOptions {
  /** Called with the number of drawings looked at so far. */
  readonly onProgress?: (done: number) => void;
  readonly signal?: AbortSignal;
}

/** A network that turns drawings into features, seeing them as pictures. */
export interface FeatureNetwork {
  readonly name: string;
  /** First 12 hexadecimal digits of the SHA-256 of the weights' file. */
  readonly hash: string;
  /** Features of a drawing. */
  readonly size: number;
  /** What its logits speak of. */
  readonly categories?: readonly string[];
  /** Features of drawings, in their order. */
  describe(sketches: readonly Sketch[], options?: DescribeOptions): Promise<Description>;
  /** Gives the network's memory back. */
  dispose(): Promise<void>;
}
