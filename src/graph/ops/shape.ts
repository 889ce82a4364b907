import { at } from "../../base/at.ts";
import { normalizeAxis, ShapeError, showShape, sizeAt } from "../shape.ts";
import { type Attributes, defineOp, int64Vector, type Tensor } from "../tensor.ts";
import { zeros } from "../zeros.ts";

const applyTranspose = defineOp<{ perm: readonly number[] }>({
  name: "transpose",
  infer([x], { perm }) {
    if (perm.length !== x.shape.length || x.shape.some((_, i) => !perm.includes(i))) {
      throw new ShapeError(
        `transpose: [${perm.join(", ")}] is not an order of the axes of ${showShape(x.shape)}`,
      );
    }
    return [{ shape: perm.map((axis) => at(x.shape, axis)), dtype: x.dtype }];
  },
  gradient: ({ attributes: { perm } }, [gradient]) => [
    gradient &&
      transpose(
        gradient,
        perm.map((_, i) => perm.indexOf(i)),
      ),
  ],
  emit: (onnx, { attributes: { perm } }, inputs, outputs) =>
    onnx.node("Transpose", inputs, outputs, { perm }),
});

/** Reorders axes: axis i of the result is axis perm[i] of x. */
export const transpose = (x: Tensor, perm: readonly number[]): Tensor => applyTranspose([x], { perm })[0];

const applyConcat = defineOp<{ axis: number }, number>({
  name: "concat",
  infer(parts, { axis }) {
    const first = at(parts, 0);
    for (const { shape } of parts) {
      if (shape.length !== first.shape.length || shape.some((n, i) => i !== axis && n !== first.shape[i])) {
        throw new ShapeError(
          `concat: ${showShape(first.shape)} and ${showShape(shape)} differ outside of axis ${axis}`,
        );
      }
    }
    const length = parts.reduce((n, { shape }) => n + at(shape, axis), 0);
    return [{ shape: first.shape.map((n, i) => (i === axis ? length : n)), dtype: first.dtype }];
  },
  gradient({ inputs, attributes: { axis } }, [gradient]) {
    return gradient === undefined
      ? []
      : split(
          gradient,
          axis,
          inputs.map(({ shape }) => at(shape, axis)),
        );
  },
  emit: (onnx, { attributes: { axis } }, inputs, outputs) => onnx.node("Concat", inputs, outputs, { axis }),
});

/** Joins tensors along `axis`. */
export function concat(parts: readonly Tensor[], axis: number): Tensor {
  const [first] = parts;
  if (first === undefined) throw new ShapeError("concat: needs at least one tensor");
  const along = normalizeAxis("concat", first.shape, axis);
  return parts.length === 1 ? first : applyConcat(parts, { axis: along })[0];
}

const applySplit = defineOp<{ axis: number; sizes: readonly number[] }, 1, number>({
  name: "split",
  infer([x], { axis, sizes }) {
    const total = sizes.reduce((a, b) => a + b, 0);
    if (total !== x.shape[axis]) {
      throw new ShapeError(
        `split: sizes ${showShape(sizes)} add to ${total}, axis ${axis} of ${showShape(x.shape)} has ${x.shape[axis]}`,
      );
    }
    return sizes.map((size) => ({ shape: x.shape.map((n, i) => (i === axis ? size : n)), dtype: x.dtype }));
  },
  gradient({ outputs, attributes: { axis } }, gradients) {
    return [
      concat(
        outputs.map((part, i) => gradients[i] ?? zeros(part.shape)),
        axis,
      ),
    ];
  },
  emit(onnx, { attributes: { axis, sizes } }, [x], outputs) {
    onnx.node("Split", [x, int64Vector(onnx, sizes)], outputs, { axis });
  },
});

/** Cuts a tensor along `axis` into pieces of the given sizes. */
export function split<const Sizes extends readonly number[]>(
  x: Tensor,
  axis: number,
  sizes: Sizes,
): { readonly [Piece in keyof Sizes]: Tensor };
export function split(x: Tensor, axis: number, sizes: readonly number[]): readonly Tensor[] {
  return applySplit([x], { axis: normalizeAxis("split", x.shape, axis), sizes });
}

const applyShift = defineOp<{ by: number }>({
  name: "shift",
  infer([x]) {
    normalizeAxis("shift", x.shape, -1);
    return [{ shape: x.shape, dtype: x.dtype }];
  },
  gradient: ({ attributes: { by } }, [gradient]) => [gradient && shift(gradient, -by)],
  emit(onnx, { inputs: [{ shape }], attributes: { by } }, [x], outputs) {
    const before = shape.map((_, i) => (i === shape.length - 1 ? by : 0));
    onnx.node("Pad", [x, int64Vector(onnx, [...before, ...before.map((n) => -n)])], outputs, {
      mode: "constant",
    });
  },
});

/** Moves elements by `by` places towards the end of the last axis (towards its start if negative), zeros moving in. */
export const shift = (x: Tensor, by: number): Tensor => (by === 0 ? x : applyShift([x], { by })[0]);

const applyReverse = defineOp<Attributes>({
  name: "reverse",
  infer([x]) {
    normalizeAxis("reverse", x.shape, -1);
    return [{ shape: x.shape, dtype: x.dtype }];
  },
  gradient: (_, [gradient]) => [gradient && reverse(gradient)],
  emit(onnx, { inputs: [{ shape }] }, [x], outputs) {
    const length = sizeAt("reverse", shape, -1);
    const backwards = Array.from({ length }, (_, i) => length - 1 - i);
    onnx.node("Gather", [x, int64Vector(onnx, backwards)], outputs, { axis: shape.length - 1 });
  },
});

/** The last axis backwards. */
export const reverse = (x: Tensor): Tensor =>
  x.shape[x.shape.length - 1] === 1 ? x : applyReverse([x], {})[0];
