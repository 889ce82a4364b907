import { broadcastShapes } from "../shape.ts";
import { type Attributes, defineOp, type OnnxAttributes, scalar, type Tensor } from "../tensor.ts";
import { sumTo } from "./stretch.ts";

type Derivative = (a: Tensor, b: Tensor, gradient: Tensor) => readonly [Tensor, Tensor];

function binary(name: string, type: string, derivative: Derivative): (a: Tensor, b: Tensor) => Tensor {
  const apply = defineOp<Attributes, 2>({
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
  const apply = defineOp<Attributes>({
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

/** a where `condition` is above 0, elsewhere b, broadcasting; the condition has no gradient. */
export const where = (condition: Tensor, a: Tensor, b: Tensor): Tensor =>
  applyWhere([condition, a, b], {})[0];

const applyWhere = defineOp<Attributes, 3>({
  name: "where",
  infer: ([condition, a, b]) => [
    {
      shape: broadcastShapes("where", condition.shape, broadcastShapes("where", a.shape, b.shape)),
      dtype: a.dtype,
    },
  ],
  gradient({ inputs: [condition, a, b] }, [g]) {
    if (g === undefined) return [];
    const none = scalar(0);
    return [undefined, sumTo(where(condition, g, none), a.shape), sumTo(where(condition, none, g), b.shape)];
  },
  emit(onnx, _, [condition, a, b], outputs) {
    const above = onnx.name();
    onnx.node("Greater", [condition, onnx.constant(Float32Array.of(0), [])], [above]);
    onnx.node("Where", [above, a, b], outputs);
  },
});

/** The larger of a and b elementwise, broadcasting; where they are equal the gradient is b's. */
export const max = binary("max", "Max", (a, b, g) => [
  where(sub(a, b), g, scalar(0)),
  where(sub(a, b), scalar(0), g),
]);

/** e to the power of x. */
export const exp = unary("exp", (_x, y) => y, { type: "Exp" });
/** The natural logarithm of x. */
export const log = unary("log", (x) => div(scalar(1), x), { type: "Log" });
/** The square root of x. */
export const sqrt = unary("sqrt", (_x, y) => div(scalar(0.5), y), { type: "Sqrt" });
/** The hyperbolic tangent of x. */
export const tanh = unary("tanh", (_x, y) => sub(scalar(1), mul(y, y)), { type: "Tanh" });
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
