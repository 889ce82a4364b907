import { concat, reverse, shift, split, transpose } from "../../../src/graph/ops/shape.ts";
import { pad, slice } from "../../../src/graph/ops/window.ts";
import { type OpTable, of, on } from "./cases.ts";

export const shape: OpTable = {
  transpose: {
    cases: [
      on([[]], (x) => transpose(x, [])),
      on([[3]], (x) => transpose(x, [0])),
      on([[2, 3]], (x) => transpose(x, [1, 0])),
      on([[2, 3, 4]], (x) => transpose(x, [2, 0, 1]), "to 2 0 1"),
      on([[2, 3, 4]], (x) => transpose(x, [0, 2, 1]), "to 0 2 1"),
      on([[2, 1, 3, 2]], (x) => transpose(x, [3, 1, 0, 2]), "to 3 1 0 2"),
    ],
    errors: [
      ["transpose: [0] is not an order of the axes of [2, 3]", () => transpose(of(2, 3), [0])],
      ["transpose: [0, 0] is not an order of the axes of [2, 3]", () => transpose(of(2, 3), [0, 0])],
      ["transpose: [1, -1] is not an order of the axes of [2, 3]", () => transpose(of(2, 3), [1, -1])],
    ],
  },
  concat: {
    cases: [
      on([[3], [1], [2]], (...parts) => concat(parts, 0)),
      on([[2, 3]], (x) => concat([x], 1), "alone"),
      on([[2, 3]], (x) => concat([x, x], 0), "with itself"),
      on(
        [
          [2, 1, 4],
          [2, 5, 4],
        ],
        (...parts) => concat(parts, -2),
      ),
    ],
    errors: [
      ["concat: needs at least one tensor", () => concat([], 0)],
      ["concat: axis 2 does not exist in shape [2, 3]", () => concat([of(2, 3)], 2)],
      ["concat: [2, 3] and [3, 3] differ outside of axis 1", () => concat([of(2, 3), of(3, 3)], 1)],
      ["concat: [2, 3] and [3] differ outside of axis 0", () => concat([of(2, 3), of(3)], 0)],
    ],
  },
  split: {
    cases: [
      on([[6]], (x) => split(x, 0, [1, 2, 3])),
      on([[2, 5, 2]], (x) => split(x, 1, [4, 1])),
      on([[2, 3]], (x) => split(x, -1, [3]), "in one"),
      on([[6]], (x) => split(x, 0, [1, 2, 3]).slice(1, 2), "of which one piece is used"),
    ],
    errors: [
      ["split: sizes [2, 2] add to 4, axis 1 of [2, 3] has 3", () => split(of(2, 3), 1, [2, 2])],
      ["split: axis 1 does not exist in shape [3]", () => split(of(3), 1, [3])],
      ["split: the sizes of [0] must be whole numbers of at least 1", () => split(of(3), 0, [3, 0])],
      ["split: the sizes of [1.5] must be whole numbers of at least 1", () => split(of(3), 0, [1.5, 1.5])],
    ],
  },
  shift: {
    cases: [
      on([[4]], (x) => shift(x, 1)),
      on([[4]], (x) => shift(x, -1), "back"),
      on([[2, 3]], (x) => shift(x, 2), "by 2"),
      on([[2, 3]], (x) => shift(x, 0), "by 0"),
      on([[2, 1]], (x) => shift(x, 1), "out of the axis"),
      on([[2, 2]], (x) => shift(x, -3), "far out of the axis"),
    ],
    errors: [["shift: axis -1 does not exist in shape []", () => shift(of(), 1)]],
  },
  reverse: {
    cases: [on([[4]], reverse), on([[2, 3]], reverse), on([[2, 1]], reverse), on([[2, 2, 5]], reverse)],
    errors: [["reverse: axis -1 does not exist in shape []", () => reverse(of())]],
  },
  slice: {
    cases: [
      on([[6]], (x) => slice(x, [2], [3])),
      on([[6]], (x) => slice(x, [0], [6]), "whole"),
      on([[2, 3, 4]], (x) => slice(x, [0, 1, 3], [2, 2, 1])),
    ],
    errors: [
      ["slice: [2] from [5] on does not lie within [6]", () => slice(of(6), [5], [2])],
      ["slice: [2] from [-1] on does not lie within [6]", () => slice(of(6), [-1], [2])],
      ["slice: [2] from [0] on does not lie within [6, 1]", () => slice(of(6, 1), [0], [2])],
      ["slice: the sizes of [0] must be whole numbers of at least 1", () => slice(of(6), [0], [0])],
    ],
  },
  pad: {
    cases: [
      on([[3]], (x) => pad(x, [2], [1])),
      on([[3]], (x) => pad(x, [0], [0]), "by nothing"),
      on([[2, 1, 3]], (x) => pad(x, [0, 1, 2], [1, 0, 1])),
    ],
    errors: [
      [
        "pad: [1] before and [-1] after need a number from 0 on for every axis of [3]",
        () => pad(of(3), [1], [-1]),
      ],
      [
        "pad: [1] before and [1] after need a number from 0 on for every axis of [3, 2]",
        () => pad(of(3, 2), [1], [1]),
      ],
    ],
  },
};
