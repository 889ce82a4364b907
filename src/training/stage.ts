import type { Runtime } from "../runtime/runtime.ts";
import type { Optimisation } from "./optimisation.ts";
import type { Task } from "./task.ts";

/** A part of a model that is trained by itself, after those that it builds on: most models have one. */
export interface Stage {
  readonly name: string;
  readonly optimisation: Optimisation;
  /** Part of a limited run's time that it takes, beside those of the other stages; 1 unless told. */
  readonly share?: number;
  /**
   * What this stage learns.
   * @param before the weights of the stages before it, in their order.
   * @param runtime computes what their networks make of the drawings.
   */
  begin(before: readonly Float32Array[], runtime: Runtime): Task | Promise<Task>;
}
