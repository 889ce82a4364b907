import { UserError } from "../../base/errors.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { Initializers } from "../../runtime/session.ts";
import type { Sketch } from "../../sketch/sketch.ts";
import { compilePart } from "./part.ts";
import { buildEncoder } from "./programs.ts";
import type { SketchRnnConfig } from "./settings.ts";
import { encodeSteps, scaled } from "./steps.ts";
import { stroke5 } from "./stroke5.ts";

/** An encoder, compiled when it is first asked. */
export interface Encoder {
  /** The middle of where a drawing's code may be; throws a UserError for one that does not fit. */
  codeOf(sketch: Sketch): Promise<Float32Array>;
  dispose(): Promise<void>;
}

export function openEncoder(
  { network, learnt }: SketchRnnConfig,
  codeWidth: number,
  weights: Initializers,
  runtime: Runtime,
): Encoder {
  const compile = () => compilePart((rows) => buildEncoder(network, codeWidth, rows), weights, 1, runtime);
  let program: ReturnType<typeof compile> | undefined;
  return {
    async codeOf(sketch) {
      const steps = encodeSteps(sketch, network);
      if (steps === undefined)
        throw new UserError(
          `the drawing cannot be written in the ${network.points} points that this model has, or has fewer than three; take another one.`,
        );
      program ??= compile();
      const { rows, run } = await program;
      const drawing = stroke5(scaled(steps, 1 / learnt.scale), network.points + 1);
      const drawings = new Float32Array(rows * drawing.length);
      drawings.set(drawing);
      const { code } = await run({ drawings });
      return code.slice(0, codeWidth);
    },
    async dispose() {
      await (await program)?.dispose();
      program = undefined;
    },
  };
}
