import { normalizeAxis } from "../shape.ts";
import { defineOp, type Tensor } from "../tensor.ts";

const applyCumulativeSum = defineOp<{ axis: number; reverse: number }>({
  name: "cumulativeSum",
  infer: ([x]) => [{ shape: x.shape, dtype: x.dtype }],
  gradient: ({ attributes: { axis, reverse } }, [g]) => [
    g && cumulativeSum(g, axis, { reverse: reverse === 0 }),
  ],
  emit(onnx, { attributes: { axis, reverse } }, [x], outputs) {
    const along = onnx.constant(BigInt64Array.of(BigInt(axis)), []);
    onnx.node("CumSum", [x, along], outputs, { reverse });
  },
});

/** Along `axis` the sum of each element and all before it; of all behind it with `reverse`. */
export function cumulativeSum(
  x: Tensor,
  axis: number,
  { reverse = false }: { readonly reverse?: boolean } = {},
): Tensor {
  const along = normalizeAxis("cumulativeSum", x.shape, axis);
  return applyCumulativeSum([x], { axis: along, reverse: Number(reverse) })[0];
}
