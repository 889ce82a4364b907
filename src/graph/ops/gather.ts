import { hasLength } from "../../base/tuple.ts";
import { ShapeError, showShape, sizeAt } from "../shape.ts";
import { type Attributes, defineOp, type Tensor } from "../tensor.ts";
import { matmul } from "./matmul.ts";

const applyGather = defineOp<Attributes, 2>({
  name: "gatherRows",
  takes: ["float32", "int64"],
  infer([table, rows]) {
    if (!hasLength(table.shape, 2) || !hasLength(rows.shape, 1)) {
      throw new ShapeError(
        `gatherRows: needs a table [rows, size] and indices [n], found ${showShape(table.shape)} and ${showShape(rows.shape)}`,
      );
    }
    return [{ shape: [rows.shape[0], table.shape[1]], dtype: table.dtype }];
  },
  // Scattering as a product with the one-hot matrix: the tables here have few rows.
  gradient: ({ inputs: [table, rows] }, [g]) => [
    g && matmul(oneHot(rows, sizeAt("gatherRows", table.shape, 0)), g, { transA: true }),
  ],
  emit: (onnx, _, inputs, outputs) => onnx.node("Gather", inputs, outputs, { axis: 0 }),
});

/** An embedding, [n, size]: rows of `table` [rows, size] at int64 `indices` [n]. */
export const gatherRows = (table: Tensor, indices: Tensor): Tensor => applyGather([table, indices], {})[0];

const applyOneHot = defineOp<{ depth: number }>({
  name: "oneHot",
  takes: ["int64"],
  infer: ([indices], { depth }) => [{ shape: [...indices.shape, depth], dtype: "float32" }],
  emit(onnx, { attributes: { depth } }, [indices], outputs) {
    const values = onnx.constant(Float32Array.of(0, 1), [2]);
    onnx.node("OneHot", [indices, onnx.constant(BigInt64Array.of(BigInt(depth)), [1]), values], outputs, {
      axis: -1,
    });
  },
});

/** 1 at the index, 0 elsewhere, along a new last axis of size `depth`. */
export const oneHot = (indices: Tensor, depth: number): Tensor => applyOneHot([indices], { depth })[0];
