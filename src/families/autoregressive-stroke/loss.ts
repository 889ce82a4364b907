import { add, mul, sub } from "../../graph/ops/elementwise.ts";
import { oneHot } from "../../graph/ops/gather.ts";
import { matmul } from "../../graph/ops/matmul.ts";
import { mean } from "../../graph/ops/mean.ts";
import { split } from "../../graph/ops/shape.ts";
import { reshape } from "../../graph/ops/stretch.ts";
import { input, scalar } from "../../graph/tensor.ts";
import type { LossGraph } from "../../training/task.ts";
import { buildContext, buildStroke, buildTime, contextInputs, type StrokeSizes } from "./network.ts";
import { rowSize } from "./strokes.ts";

/** The flag is one number beside those of the stroke: without a weight of its own it would hardly be learnt. */
const FLAG_WEIGHT = 0.1;

/**
 * Both networks and their loss for batches as `makeBatch` gives them: every drawing is read once, for all its targets. The
 * loss is the weighted squared error of the prediction (Ho et al. 2020, eq. 14), apart for the stroke and its flag.
 */
export function strokeLoss(sizes: StrokeSizes, targets: number, batch: number): LossGraph {
  const { strokes, contextWidth } = sizes;
  const rows = batch * targets;
  const size = rowSize(sizes);
  const context = buildContext(sizes, contextInputs(sizes, batch));
  const places = input("places", [batch, targets], "int64");
  const chosen = matmul(oneHot(places, strokes), context.output);
  const time = buildTime(sizes, reshape(input("times", [batch, targets]), [rows]));
  const { output, parameters } = buildStroke(sizes, {
    noisy: reshape(input("noisy", [batch, targets, size]), [rows, size]),
    time: time.output,
    context: reshape(chosen, [rows, contextWidth]),
  });
  const target = reshape(input("target", [batch, targets, size]), [rows, size]);
  const weights = reshape(input("weights", [batch, targets]), [rows, 1]);
  const difference = sub(output, target);
  const squares = mul(mul(difference, difference), weights);
  const [ofStrokes, ofFlags] = split(squares, 1, [size - 1, 1]);
  const [stroke, flag] = [reshape(mean(ofStrokes), []), reshape(mean(ofFlags), [])];
  const loss = add(stroke, mul(flag, scalar(FLAG_WEIGHT)));
  return {
    parameters: [...context.parameters, ...time.parameters, ...parameters],
    losses: { loss, stroke, flag },
  };
}
