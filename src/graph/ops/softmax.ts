import { normalizeAxis } from "../shape.ts";
import { type Attributes, defineOp, int64Vector, type OnnxAttributes, type Tensor } from "../tensor.ts";
import { mul, sub } from "./elementwise.ts";
import { sum } from "./stretch.ts";

const applySoftmax = defineOp<Attributes>({
  name: "softmax",
  infer([x]) {
    normalizeAxis("softmax", x.shape, -1);
    return [{ shape: x.shape, dtype: x.dtype }];
  },
  gradient({ outputs: [y] }, [g]) {
    if (g === undefined) return [];
    const weighted = mul(g, y);
    return [sub(weighted, mul(y, sum(weighted, [-1])))];
  },
  emit: (onnx, _, inputs, outputs) => onnx.node("Softmax", inputs, outputs, { axis: -1 }),
});

/** exp(x) / sum(exp(x)) along the last axis. */
export const softmax = (x: Tensor): Tensor => applySoftmax([x], {})[0];

const applyLogSoftmax = defineOp<Attributes>({
  name: "logSoftmax",
  infer([x]) {
    normalizeAxis("logSoftmax", x.shape, -1);
    return [{ shape: x.shape, dtype: x.dtype }];
  },
  gradient: ({ inputs: [x] }, [g]) => [g && sub(g, mul(softmax(x), sum(g, [-1])))],
  emit: (onnx, _, inputs, outputs) => onnx.node("LogSoftmax", inputs, outputs, { axis: -1 }),
});

/** x - log(sum(exp(x))) along the last axis, without overflow. */
export const logSoftmax = (x: Tensor): Tensor => applyLogSoftmax([x], {})[0];

/** The largest number of float32. */
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

const applyLogSumExp = defineOp<Attributes>({
  name: "logSumExp",
  infer([x]) {
    normalizeAxis("logSumExp", x.shape, -1);
    return [{ shape: [...x.shape.slice(0, -1), 1], dtype: x.dtype }];
  },
  gradient: ({ inputs: [x] }, [g]) => [g && mul(softmax(x), g)],
  emit(onnx, _, [x], outputs) {
    const last = int64Vector(onnx, [-1]);
    const make = (type: string, inputs: readonly string[], attributes?: OnnxAttributes): string => {
      const name = onnx.name();
      onnx.node(type, inputs, [name], attributes);
      return name;
    };
    // WebGPU's ReduceLogSumExp does not subtract the maximum first; an infinite one would make infinity less infinity.
    const bounds = [-LARGEST, LARGEST].map((bound) => onnx.constant(Float32Array.of(bound), []));
    const maximum = make("Clip", [make("ReduceMax", [x, last], { keepdims: 1 }), ...bounds]);
    const rest = make("ReduceLogSumExp", [make("Sub", [x, maximum]), last], { keepdims: 1 });
    onnx.node("Add", [rest, maximum], outputs);
  },
});

/** log(sum(exp(x))) along the last axis, without overflow; that axis stays with size 1. */
export const logSumExp = (x: Tensor): Tensor => applyLogSumExp([x], {})[0];
