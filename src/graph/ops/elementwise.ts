import { broadcastShapes } from "../shape.ts";
import { defineOp, type OnnxAttributes, scalar, type Tensor } from "../tensor.ts";
import { sumTo } from "./stretch.ts";

type Derivative = (a: Tensor, b: Tensor, gradient: Tensor) => readonly [Tensor, Tensor];

function binary(name: string, type: string, derivative: Derivative): (a: Tensor, b: Tensor) => Tensor {
  const apply = defineOp<Record<never, never>>({
    name,
    infer: ([a, b]) => [{ shape: broadcastShapes(name, a.shape, b.shape), dtype: a.dtype }],
    gradient({ inputs: [a, b] }, [gradient]) {
      if (gradient === undefined) return [];
      const [da, db] = derivative(a, b, gradient);
      return [sumTo(da, a.shape), sumTo(db, b.shape)];
    },
    emit: (onnx, _, inputs, outputs) => onnx.node(type, inputs, outputs),
  });
  return (a, b) => apply([a, b], {})[0];
}

function unary(
  name: string,
  derivative: (x: Tensor, y: Tensor) => Tensor,
  onnxNode: { type: string; domain?: string; attributes?: OnnxAttributes },
): (x: Tensor) => Tensor {
  const apply = defineOp<Record<never, never>>({
    name,
    infer: ([x]) => [{ shape: x.shape, dtype: x.dtype }],
    gradient: ({ inputs: [x], outputs: [y] }, [gradient]) => [gradient && mul(gradient, derivative(x, y))],
    emit: (onnx, _, inputs, outputs) =>
      onnx.node(onnxNode.type, inputs, outputs, onnxNode.attributes, onnxNode.domain),
  });
  return (x) => apply([x], {})[0];
}

/** a + b, broadcasting. */
export const add = binary("add", "Add", (_a, _b, g) => [g, g]);
/** a - b, broadcasting. */
export const sub = binary("sub", "Sub", (_a, _b, g) => [g, mul(g, scalar(-1))]);
/** a * b elementwise, broadcasting. */
export const mul = binary("mul", "Mul", (a, b, g) => [mul(g, b), mul(g, a)]);
/** a / b elementwise, broadcasting. */
export const div = binary("div", "Div", (a, b, g) => [div(g, b), mul(g, mul(div(a, mul(b, b)), scalar(-1)))]);

/** sin(x), x in radians. */
export const sin = unary("sin", (x) => cos(x), { type: "Sin" });
/** cos(x), x in radians. */
export const cos = unary("cos", (x) => mul(sin(x), scalar(-1)), { type: "Cos" });
/** 1 / (1 + exp(-x)). */
export const sigmoid = unary("sigmoid", (_x, y) => mul(y, sub(scalar(1), y)), { type: "Sigmoid" });
/** log(1 + exp(x)), without overflow. */
export const softplus = unary("softplus", (x) => sigmoid(x), { type: "Softplus" });
/** x * sigmoid(x) (Elfwing et al. 2017); QuickGelu with alpha 1 is SiLU in one pass over memory. */
export const silu = unary("silu", siluSlope, {
  type: "QuickGelu",
  domain: "com.microsoft",
  attributes: { alpha: { float: 1 } },
});

/** The derivative of y = x s(x), with s the sigmoid: s + y (1 - s) = s (1 - y) + y. */
export function siluSlope(x: Tensor, y: Tensor): Tensor {
  const s = sigmoid(x);
  return add(mul(s, sub(scalar(1), y)), y);
}
