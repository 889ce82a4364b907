import type { Tensor } from "../graph/tensor.ts";
import type { Initializers, Program } from "./session.ts";

/** What a graph of any number of rows gives. */
export type RowOutputs<Outputs extends string> = (rows: number) => Readonly<Record<Outputs, Tensor>>;

/** A program for so many rows. */
export interface RowsProgram<Outputs extends string> extends Program<Outputs> {
  readonly rows: number;
}

/** Where graphs are computed: in Node (`node.ts`) or in a browser (`web.ts`). */
export interface Runtime {
  /** Compiles the computation of `outputs`; throws a UserError when the device cannot be had. */
  compile<Outputs extends string>(
    outputs: Readonly<Record<Outputs, Tensor>>,
    initializers: Initializers,
  ): Promise<Program<Outputs>>;
  /** Compiles a computation that treats its rows alike for at least so many of them. */
  compileRows<Outputs extends string>(
    outputsOf: RowOutputs<Outputs>,
    atLeast: number,
    initializers: Initializers,
  ): Promise<RowsProgram<Outputs>>;
  /** Rows that are best computed at once. */
  readonly mostRows: number;
}

/** The threads of one ONNX Runtime share out rows, but of a single row its sums, which then round differently. */
export const LEAST_ROWS = 2;
