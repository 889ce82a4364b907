import type { Runtime } from "../runtime/runtime.ts";
import type { Optimisation } from "./optimisation.ts";
import type { Task } from "./task.ts";

/** A part of a model that is trained by itself, after those that it builds on: most models have one. */
export interface Stage {
  readonly name: string;
  readonly optimisation: Optimisation;
  /**
   * What this stage learns.
   * @param before the weights of the stages before it, in their order.
   * @param runtime computes what their networks make of the drawings.
   */
  begin(before: readonly Float32Array[], runtime: Runtime): Task | Promise<Task>;
}
