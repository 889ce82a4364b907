import { affine } from "../../../src/graph/ops/affine.ts";
import { cumulativeSum } from "../../../src/graph/ops/cumulative.ts";
import { gatherRows, oneHot } from "../../../src/graph/ops/gather.ts";
import { normalize, rmsNormalize } from "../../../src/graph/ops/normalize.ts";
import { repeatPairs, sumPairs } from "../../../src/graph/ops/pairs.ts";
import { logSoftmax, logSumExp, softmax } from "../../../src/graph/ops/softmax.ts";
import { showShape } from "../../../src/graph/shape.ts";
import { indices, inputAt, type OpCase, type OpTable, of, on } from "./cases.ts";

const pairShapes = [[2], [3, 4], [2, 3, 8]];

export const rows: OpTable = {
  sumPairs: {
    cases: [
      ...pairShapes.map((shape) => on([shape], (x) => sumPairs(x, 0.5))),
      on([[2, 16]], (x) => sumPairs(x, 0.5, "tiles"), "in tiles"),
    ],
    errors: [
      ["sumPairs: the last axis of [2, 5] is odd", () => sumPairs(of(2, 5), 1)],
      ["sumPairs: axis -1 does not exist in shape []", () => sumPairs(of(), 1)],
    ],
  },
  repeatPairs: {
    cases: [
      ...[[1], ...pairShapes, [2, 1, 3]].map((shape) => on([shape], (x) => repeatPairs(x, 2))),
      on([[2, 8]], (x) => repeatPairs(x, 2, "tiles"), "in tiles"),
    ],
    errors: [["repeatPairs: axis -1 does not exist in shape []", () => repeatPairs(of(), 1)]],
  },
  softmax: {
    cases: [
      on([[4]], softmax),
      on([[2, 1]], softmax),
      on([[2, 3, 5]], softmax),
      on([[2, 3]], softmax, "far from zero", { a: [1000, 999, -1000, -1000, -1001, -1002] }),
    ],
    errors: [["softmax: axis -1 does not exist in shape []", () => softmax(of())]],
  },
  logSoftmax: {
    cases: [
      on([[4]], logSoftmax),
      on([[2, 1]], logSoftmax),
      on([[2, 3, 5]], logSoftmax),
      on([[2, 3]], logSoftmax, "far from zero", { a: [1000, 999, -1000, -1000, -1001, -1002] }),
    ],
    errors: [["logSoftmax: axis -1 does not exist in shape []", () => logSoftmax(of())]],
  },
  logSumExp: {
    cases: [
      on([[4]], logSumExp),
      on([[2, 1]], logSumExp),
      on([[2, 3, 5]], logSumExp),
      on([[2, 3]], logSumExp, "far from zero", { a: [1000, 999, -1000, -1000, -1001, -1002] }),
    ],
    errors: [["logSumExp: axis -1 does not exist in shape []", () => logSumExp(of())]],
  },
  cumulativeSum: {
    cases: [
      on([[5]], (x) => cumulativeSum(x, 0)),
      on([[2, 3, 4]], (x) => cumulativeSum(x, 1), "along 1"),
      on([[2, 3, 4]], (x) => cumulativeSum(x, -1), "along the last"),
      on([[2, 3, 4]], (x) => cumulativeSum(x, 0, { reverse: true }), "from behind"),
      on([[1]], (x) => cumulativeSum(x, 0, { reverse: true }), "of one"),
    ],
    errors: [
      ["cumulativeSum: axis 2 does not exist in shape [2, 3]", () => cumulativeSum(of(2, 3), 2)],
      ["cumulativeSum: operand 1 must be float32, found int64 [2]", () => cumulativeSum(indices("i", 2), 0)],
    ],
  },
  normalize: {
    cases: [[[4]], [[2, 3]], [[2, 3, 8]], [[2, 1]]].map(([shape]): OpCase => {
      const made = on([shape], (x) => normalize(x, 1e-5));
      return { ...made, differentiable: made.outputs.slice(0, 1) };
    }),
    errors: [["normalize: axis -1 does not exist in shape []", () => normalize(of(), 1e-5)]],
  },
  rmsNormalize: {
    cases: [[4], [2, 3], [2, 3, 8], [2, 1]].map((shape) => on([shape], (x) => rmsNormalize(x, 1e-5))),
    errors: [["rmsNormalize: axis -1 does not exist in shape []", () => rmsNormalize(of(), 1e-5)]],
  },
  affine: {
    cases: [
      on(
        [
          [1, 1, 1],
          [1, 1, 1],
          [1, 1, 1],
        ],
        affine,
      ),
      on(
        [
          [2, 3, 4],
          [1, 3, 1],
          [1, 3, 1],
        ],
        affine,
        "the same for all",
      ),
      on(
        [
          [2, 3, 4],
          [2, 3, 1],
          [2, 3, 1],
        ],
        affine,
        "for each",
      ),
    ],
    errors: [
      [
        "affine: x [2, 3, 4], scale [2, 3, 1], shift [1, 3, 1] must be [batch, rows, length], [batch or 1, rows, 1] and the same",
        () => affine(of(2, 3, 4), of(2, 3, 1), of(1, 3, 1)),
      ],
      [
        "affine: x [3, 3, 4], scale [2, 3, 1], shift [2, 3, 1] must be [batch, rows, length], [batch or 1, rows, 1] and the same",
        () => affine(of(3, 3, 4), of(2, 3, 1), of(2, 3, 1)),
      ],
      [
        "affine: x [2, 3], scale [1, 3, 1], shift [1, 3, 1] must be [batch, rows, length], [batch or 1, rows, 1] and the same",
        () => affine(of(2, 3), of(1, 3, 1), of(1, 3, 1)),
      ],
    ],
  },
  gatherRows: {
    cases: [
      { shape: [4, 3], rows: [2, 0, 3, 2] },
      { shape: [1, 2], rows: [0, 0] },
      { shape: [5, 1], rows: [4] },
    ].map(({ shape, rows }): OpCase => {
      const table = inputAt(shape, 0);
      const b = indices("b", rows.length);
      return {
        title: `${showShape(shape)} at ${showShape(rows)}`,
        inputs: [table, b],
        outputs: [gatherRows(table, b)],
        feeds: { b: rows },
      };
    }),
    errors: [
      [
        "gatherRows: needs a table [rows, size] and indices [n], found [4] and [2]",
        () => gatherRows(of(4), indices("i", 2)),
      ],
      [
        "gatherRows: needs a table [rows, size] and indices [n], found [4, 3] and [2, 1]",
        () => gatherRows(of(4, 3), indices("i", 2, 1)),
      ],
      ["gatherRows: operand 2 must be int64, found float32 [2]", () => gatherRows(of(4, 3), of(2))],
    ],
  },
  oneHot: {
    cases: [
      { shape: [3], values: [2, 0, 3], depth: 4 },
      { shape: [2, 2], values: [0, 1, 1, 0], depth: 2 },
      { shape: [1], values: [0], depth: 1 },
    ].map(({ shape, values, depth }): OpCase => {
      const a = indices("a", ...shape);
      return {
        title: `${showShape(shape)} of ${depth}`,
        inputs: [a],
        outputs: [oneHot(a, depth)],
        differentiable: [],
        feeds: { a: values },
      };
    }),
    errors: [
      ["oneHot: operand 1 must be int64, found float32 [3]", () => oneHot(of(3), 4)],
      ["oneHot: the sizes of [3, 0] must be whole numbers of at least 1", () => oneHot(indices("i", 3), 0)],
    ],
  },
};
