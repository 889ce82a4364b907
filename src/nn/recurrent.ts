import { withGradient } from "../graph/gradient.ts";
import { add, mul, sigmoid, sub, tanh } from "../graph/ops/elementwise.ts";
import { linear } from "../graph/ops/linear.ts";
import { matmul } from "../graph/ops/matmul.ts";
import { scan } from "../graph/ops/scan.ts";
import { concat, split } from "../graph/ops/shape.ts";
import { reshape } from "../graph/ops/stretch.ts";
import { slice } from "../graph/ops/window.ts";
import { axisSizes } from "../graph/shape.ts";
import { scalar, type Tensor } from "../graph/tensor.ts";
import { zeros } from "../graph/zeros.ts";
import type { Scope } from "./parameters.ts";

/** The states of an LSTM, [batch, size] each. */
export interface LstmState {
  readonly hidden: Tensor;
  readonly cell: Tensor;
}

export interface RecurrentOptions<State> {
  /** Zeros unless given. */
  readonly initial?: State;
  /** From the last element to the first. */
  readonly reverse?: boolean;
}

export interface LstmOptions extends RecurrentOptions<LstmState> {
  /** [batch, n]: told at every step beside the inputs. */
  readonly context?: Tensor;
  /**
   * [batch, size]: factors of what any step adds to the cell, without a gradient. Zeros among them are recurrent dropout
   * (Semeniuta et al. 2016), with one mask for all steps.
   */
  readonly kept?: Tensor;
}

/** A layer on sequences [steps, batch, in]: the hidden state after each step, [steps, batch, size], and the last state. */
export interface Recurrent<State> {
  readonly outputs: Tensor;
  readonly last: State;
}

/** Added to the forget gate, so that a new network remembers (Jozefowicz et al. 2015). */
const FORGET_BIAS = 1;

/** Long short-term memory (Hochreiter and Schmidhuber 1997; Gers et al. 2000); gates in PyTorch's order: i, f, g, o. */
export function lstm(
  scope: Scope,
  x: Tensor,
  size: number,
  { initial, reverse = false, context, kept }: LstmOptions = {},
): Recurrent<LstmState> {
  const [, batch] = axisSizes("lstm", x.shape, 3);
  const uniform = 1 / Math.sqrt(size);
  const ofInputs = withContext(ahead(scope, x, 4 * size, uniform));
  const weight = scope.parameter("weight_hh", [4 * size, size], { uniform });
  const { hidden, cell } = initial ?? { hidden: zeros([batch, size]), cell: zeros([batch, size]) };
  // The recurrent weights' gradient is one product over all steps, instead of a sum that every step adds to.
  const given = withGradient(ofInputs, [ofInputs, weight], (g) => [
    g,
    matmul(rowsOf(g), rowsOf(statesBefore(outputs[0], hidden, reverse)), { transA: true }),
  ]);
  const { states, outputs } = scan(
    ([h, c], [given], [recurrent, factors]) => {
      const gates = add(given, matmul(h, recurrent, { transB: true }));
      const [i, f, g, o] = split(gates, 1, [size, size, size, size]);
      const remembered = mul(sigmoid(add(f, scalar(FORGET_BIAS))), c);
      const candidate = factors ? mul(tanh(g), factors) : tanh(g);
      const next = add(remembered, mul(sigmoid(i), candidate));
      const output = mul(sigmoid(o), tanh(next));
      return { states: [output, next], outputs: [output] };
    },
    {
      initial: [hidden, cell],
      sequences: [given],
      shared: [weight, ...(kept ? [kept] : [])],
      frozen: true,
      reverse,
    },
  );
  return { outputs: outputs[0], last: { hidden: states[0], cell: states[1] } };

  function withContext(gates: Tensor): Tensor {
    if (context === undefined) return gates;
    const [, told] = axisSizes("lstm: context", context.shape, 2);
    const weight = scope.parameter("weight_ch", [4 * size, told], { uniform });
    return add(gates, reshape(matmul(context, weight, { transB: true }), [1, batch, 4 * size]));
  }
}

/** Gated recurrent unit (Cho et al. 2014), in PyTorch's form; gates in its order: r, z, n. */
export function gru(
  scope: Scope,
  x: Tensor,
  size: number,
  { initial, reverse = false }: RecurrentOptions<Tensor> = {},
): Recurrent<Tensor> {
  const [, batch] = axisSizes("gru", x.shape, 3);
  const uniform = 1 / Math.sqrt(size);
  const ofInputs = ahead(scope, x, 3 * size, uniform);
  const weight = scope.parameter("weight_hh", [3 * size, size], { uniform });
  const bias = scope.parameter("bias_hh", [3 * size], { uniform });
  const { states, outputs } = scan(
    ([h], [given], [recurrent, shift]) => {
      const [rx, zx, nx] = split(given, 1, [size, size, size]);
      const [rh, zh, nh] = split(linear(h, recurrent, shift), 1, [size, size, size]);
      const candidate = tanh(add(nx, mul(sigmoid(add(rx, rh)), nh)));
      const keep = sigmoid(add(zx, zh));
      const next = add(candidate, mul(keep, sub(h, candidate)));
      return { states: [next], outputs: [next] };
    },
    { initial: [initial ?? zeros([batch, size])], sequences: [ofInputs], shared: [weight, bias], reverse },
  );
  return { outputs: outputs[0], last: states[0] };
}

/** Both directions of a layer side by side (Schuster and Paliwal 1997): [steps, batch, 2 size]. */
export const bidirectional = <State>(
  layer: (scope: Scope, x: Tensor, size: number, options: RecurrentOptions<State>) => Recurrent<State>,
  scope: Scope,
  x: Tensor,
  size: number,
): Tensor =>
  concat(
    [
      layer(scope.child("forward"), x, size, {}).outputs,
      layer(scope.child("backward"), x, size, { reverse: true }).outputs,
    ],
    2,
  );

/** The state before each step, [steps, batch, size], from those after each and the one before the first. */
function statesBefore(after: Tensor, initial: Tensor, reverse: boolean): Tensor {
  const [steps, batch, size] = axisSizes("lstm", after.shape, 3);
  const first = reshape(initial, [1, batch, size]);
  if (steps === 1) return first;
  const others = slice(after, [reverse ? 1 : 0, 0, 0], [steps - 1, batch, size]);
  return concat(reverse ? [others, first] : [first, others], 0);
}

/** All steps' rows under each other. */
function rowsOf(x: Tensor): Tensor {
  const [steps, batch, size] = axisSizes("lstm", x.shape, 3);
  return reshape(x, [steps * batch, size]);
}

/** What the gates take from the inputs, for all steps in one product: [steps, batch, outputs]. */
function ahead(scope: Scope, x: Tensor, outputs: number, uniform: number): Tensor {
  const [steps, batch, inputs] = axisSizes("recurrent layer", x.shape, 3);
  const weight = scope.parameter("weight_ih", [outputs, inputs], { uniform });
  const bias = scope.parameter("bias_ih", [outputs], { uniform });
  return reshape(linear(reshape(x, [steps * batch, inputs]), weight, bias), [steps, batch, outputs]);
}
