import { toOnnx } from "../../graph/onnx/model.ts";
import type { Head } from "./head.ts";
import { buildBeginning, buildEncoder, buildStep, weightsOf } from "./programs.ts";
import type { SketchRnnDraws, SketchRnnModel, SketchRnnSettings } from "./settings.ts";

/**
 * A decoder's networks as ONNX models: `encoder`, where there are codes, from `drawings` [batch, points + 1, 5] to `code` [batch, codeWidth];
 * `beginning` from `labels` [batch] and this to what every step is told and the state before the first
 * one; `step` from these and the step before, [batch, 5], to the next state, the pen's logits and what is said of the next
 * offset; `head`, where the offset is drawn by a network of its own.
 */
export function toSketchRnnOnnx<S extends SketchRnnSettings, D extends SketchRnnDraws>(
  head: Head<S, D>,
  model: SketchRnnModel<S, D>,
): Readonly<Record<string, Uint8Array>> {
  const { network, categories } = model.config;
  const initializers = weightsOf(head, model);
  const { codeWidth } = network;
  const parts = {
    ...(codeWidth && { encoder: buildEncoder(network, codeWidth, 1) }),
    beginning: buildBeginning(network, categories.length, 1),
    step: buildStep(head, network, 1),
    ...(head.build && { head: head.build(network, 1) }),
  };
  return Object.fromEntries(
    Object.entries(parts).map(([name, { outputs }]) => [
      name,
      toOnnx({ ...outputs }, { initializers, rows: "batch" }),
    ]),
  );
}
