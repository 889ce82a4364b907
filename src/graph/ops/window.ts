import { at } from "../../base/at.ts";
import { ShapeError, showShape } from "../shape.ts";
import { defineOp, int64Vector, type Tensor } from "../tensor.ts";

// slice and pad stand in one file because each is the other's gradient.

const applySlice = defineOp<{ starts: readonly number[]; sizes: readonly number[] }>({
  name: "slice",
  infer([x], { starts, sizes }) {
    const fits =
      starts.length === x.shape.length &&
      sizes.length === x.shape.length &&
      x.shape.every((n, axis) => at(starts, axis) >= 0 && at(starts, axis) + at(sizes, axis) <= n);
    if (!fits) {
      throw new ShapeError(
        `slice: ${showShape(sizes)} from ${showShape(starts)} on does not lie within ${showShape(x.shape)}`,
      );
    }
    return [{ shape: sizes, dtype: x.dtype }];
  },
  gradient({ inputs: [x], attributes: { starts, sizes } }, [g]) {
    return [
      g &&
        pad(
          g,
          starts,
          x.shape.map((n, axis) => n - at(starts, axis) - at(sizes, axis)),
        ),
    ];
  },
  emit(onnx, { inputs: [x], attributes: { starts, sizes } }, [name], outputs) {
    const cut = x.shape.flatMap((n, axis) => (n === sizes[axis] ? [] : [axis]));
    const from = cut.map((axis) => at(starts, axis));
    const to = cut.map((axis) => at(starts, axis) + at(sizes, axis));
    const places = [from, to, cut].map((values) => int64Vector(onnx, values));
    if (cut.length === 0) onnx.node("Identity", [name], outputs);
    else onnx.node("Slice", [name, ...places], outputs);
  },
});

/** The part of x that begins at `starts` and has shape `sizes`, each with one number an axis. */
export const slice = (x: Tensor, starts: readonly number[], sizes: readonly number[]): Tensor =>
  applySlice([x], { starts, sizes })[0];

const applyPad = defineOp<{ before: readonly number[]; after: readonly number[] }>({
  name: "pad",
  infer([x], { before, after }) {
    const counts = [...before, ...after];
    if (before.length !== x.shape.length || after.length !== x.shape.length || counts.some((n) => n < 0)) {
      throw new ShapeError(
        `pad: ${showShape(before)} before and ${showShape(after)} after need a number from 0 on for every axis of ${showShape(x.shape)}`,
      );
    }
    return [{ shape: x.shape.map((n, axis) => at(before, axis) + n + at(after, axis)), dtype: x.dtype }];
  },
  gradient: ({ inputs: [x], attributes: { before } }, [g]) => [g && slice(g, before, x.shape)],
  emit(onnx, { attributes: { before, after } }, [x], outputs) {
    onnx.node("Pad", [x, int64Vector(onnx, [...before, ...after])], outputs, { mode: "constant" });
  },
});

/** x with so many zeros before and after its elements, one number an axis. */
export const pad = (x: Tensor, before: readonly number[], after: readonly number[]): Tensor =>
  applyPad([x], { before, after })[0];
