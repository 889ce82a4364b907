import { describe, expect, it } from "vitest";
import { axisSizes, ShapeError, sizeAt } from "../../src/graph/shape.ts";

describe("sizes of axes", () => {
  it("are given for a shape of the asked rank, else refused with operation, rank and shape", () => {
    expect(axisSizes("conv1d", [2, 3, 4], 3)).toEqual([2, 3, 4]);
    expect(axisSizes("sum", [], 0)).toEqual([]);
    expect(() => axisSizes("conv1d", [2, 3], 3)).toThrow(
      new ShapeError("conv1d: needs 3 axes, found [2, 3]"),
    );
  });

  it("count from the end where the axis is negative; an axis that is not there is refused", () => {
    expect([0, 1, 2, -1, -2, -3].map((axis) => sizeAt("split", [5, 6, 7], axis))).toEqual([5, 6, 7, 7, 6, 5]);
    expect(() => sizeAt("split", [5, 6, 7], -4)).toThrow(
      new ShapeError("split: axis -4 does not exist in shape [5, 6, 7]"),
    );
  });
});
