import { conv1d } from "../../../src/graph/ops/conv1d.ts";
import { conv2d } from "../../../src/graph/ops/conv2d.ts";
import { linear } from "../../../src/graph/ops/linear.ts";
import { matmul } from "../../../src/graph/ops/matmul.ts";
import { tiledConv1d } from "../../../src/graph/ops/winograd.ts";
import type { Shape } from "../../../src/graph/shape.ts";
import { type OpTable, of, on } from "./cases.ts";

const matrices: readonly (readonly [m: number, k: number, n: number])[] = [
  [2, 3, 4],
  [1, 1, 1],
  [1, 5, 2],
  [4, 1, 3],
];
const leadingAxes: readonly Shape[] = [[], [2], [1, 3], [2, 1, 2]];
const yesAndNo = [false, true];

/** All sizes with all leading axes, each operand transposed and not. */
const matmulCases = leadingAxes.flatMap((leading) =>
  matrices.flatMap(([m, k, n]) =>
    yesAndNo.flatMap((transA) =>
      yesAndNo.map((transB) => {
        const a = [...leading, ...(transA ? [k, m] : [m, k])];
        const b = [...leading, ...(transB ? [n, k] : [k, n])];
        const note = `transA ${transA} transB ${transB}`;
        return on([a, b], (x, y) => matmul(x, y, { transA, transB, alpha: 0.3 }), note);
      }),
    ),
  ),
);

const convolution = (batch: number, channels: number, length: number, filters: number, taps: number) =>
  on([[batch, channels, length], [filters, channels, taps], [filters]], conv1d);

const pictureConvolution = (batch: number, channels: number, size: Shape, filters: number, taps: number) =>
  on([[batch, channels, ...size], [filters, channels, taps, taps], [filters]], conv2d);

const tiledConvolution = (batch: number, channels: number, length: number, filters: number) =>
  on([[batch, channels, length], [filters, channels, 3], [filters]], tiledConv1d);

export const products: OpTable = {
  matmul: {
    cases: [
      ...matmulCases,
      on(
        [
          [2, 3],
          [3, 4],
        ],
        (a, b) => matmul(a, b),
        "by default",
      ),
      on([[3, 3]], (a) => matmul(a, a, { transB: true }), "with itself"),
    ],
    errors: [
      ["matmul: [2, 3] times [2, 4]: the inner sizes 3 and 2 differ", () => matmul(of(2, 3), of(2, 4))],
      [
        "matmul: [2, 3] transposed times [3, 4]: the inner sizes 2 and 3 differ",
        () => matmul(of(2, 3), of(3, 4), { transA: true }),
      ],
      [
        "matmul: [2, 3] times [3, 4] transposed: the inner sizes 3 and 4 differ",
        () => matmul(of(2, 3), of(3, 4), { transB: true }),
      ],
      [
        "matmul: [3] times [3, 2]: both need two axes behind equal leading ones",
        () => matmul(of(3), of(3, 2)),
      ],
      [
        "matmul: [2, 3, 4] times [4, 5]: both need two axes behind equal leading ones",
        () => matmul(of(2, 3, 4), of(4, 5)),
      ],
      [
        "matmul: [1, 3, 4] times [2, 4, 5]: both need two axes behind equal leading ones",
        () => matmul(of(1, 3, 4), of(2, 4, 5)),
      ],
    ],
  },
  linear: {
    cases: [
      on([[2, 3], [4, 3], [4]], linear),
      on([[1, 1], [1, 1], [1]], linear),
      on([[5, 1], [2, 1], [2]], linear),
      on([[1, 4], [3, 4], [3]], linear),
    ],
    errors: [
      [
        "linear: x [2, 3], weight [3, 4], bias [3] must be [batch, in], [out, in], [out]",
        () => linear(of(2, 3), of(3, 4), of(3)),
      ],
      [
        "linear: x [2, 3], weight [4, 3], bias [4, 1] must be [batch, in], [out, in], [out]",
        () => linear(of(2, 3), of(4, 3), of(4, 1)),
      ],
      [
        "linear: x [2, 3, 1], weight [4, 3], bias [4] must be [batch, in], [out, in], [out]",
        () => linear(of(2, 3, 1), of(4, 3), of(4)),
      ],
    ],
  },
  conv1d: {
    cases: [
      convolution(2, 3, 6, 4, 3),
      convolution(2, 3, 5, 2, 1),
      convolution(1, 1, 1, 1, 1),
      convolution(2, 2, 1, 3, 3),
      convolution(2, 1, 2, 2, 5),
      convolution(1, 2, 1, 2, 5),
      convolution(3, 2, 7, 1, 5),
    ],
    errors: [
      [
        "conv1d: x [2, 3, 8], weight [4, 2, 3], bias [4] must be [batch, in, length], [out, in, odd taps], [out]",
        () => conv1d(of(2, 3, 8), of(4, 2, 3), of(4)),
      ],
      [
        "conv1d: x [2, 3, 8], weight [4, 3, 2], bias [4] must be [batch, in, length], [out, in, odd taps], [out]",
        () => conv1d(of(2, 3, 8), of(4, 3, 2), of(4)),
      ],
      [
        "conv1d: x [3, 8], weight [4, 3, 3], bias [4] must be [batch, in, length], [out, in, odd taps], [out]",
        () => conv1d(of(3, 8), of(4, 3, 3), of(4)),
      ],
      [
        "conv1d: x [2, 3, 8], weight [4, 3, 3], bias [3] must be [batch, in, length], [out, in, odd taps], [out]",
        () => conv1d(of(2, 3, 8), of(4, 3, 3), of(3)),
      ],
    ],
  },
  conv2d: {
    cases: [
      pictureConvolution(2, 3, [4, 5], 2, 3),
      pictureConvolution(2, 2, [3, 3], 3, 1),
      pictureConvolution(1, 1, [1, 1], 1, 3),
      pictureConvolution(1, 2, [1, 4], 2, 3),
      pictureConvolution(2, 1, [3, 2], 2, 5),
    ],
    errors: [
      [
        "conv2d: x [2, 3, 8], weight [4, 3, 3, 3], bias [4] must be [batch, in, height, width], [out, in, odd taps, the same], [out]",
        () => conv2d(of(2, 3, 8), of(4, 3, 3, 3), of(4)),
      ],
      [
        "conv2d: x [2, 3, 8, 8], weight [4, 2, 3, 3], bias [4] must be [batch, in, height, width], [out, in, odd taps, the same], [out]",
        () => conv2d(of(2, 3, 8, 8), of(4, 2, 3, 3), of(4)),
      ],
      [
        "conv2d: x [2, 3, 8, 8], weight [4, 3, 3, 1], bias [4] must be [batch, in, height, width], [out, in, odd taps, the same], [out]",
        () => conv2d(of(2, 3, 8, 8), of(4, 3, 3, 1), of(4)),
      ],
      [
        "conv2d: x [2, 3, 8, 8], weight [4, 3, 2, 2], bias [4] must be [batch, in, height, width], [out, in, odd taps, the same], [out]",
        () => conv2d(of(2, 3, 8, 8), of(4, 3, 2, 2), of(4)),
      ],
      [
        "conv2d: x [2, 3, 8, 8], weight [4, 3, 3, 3], bias [3] must be [batch, in, height, width], [out, in, odd taps, the same], [out]",
        () => conv2d(of(2, 3, 8, 8), of(4, 3, 3, 3), of(3)),
      ],
    ],
  },
  tiledConv1d: {
    cases: [
      tiledConvolution(2, 3, 8, 4),
      tiledConvolution(1, 1, 4, 1),
      tiledConvolution(1, 2, 16, 3),
      tiledConvolution(3, 1, 12, 2),
    ],
    errors: [
      [
        "tiledConv1d: x [2, 3, 6], weight [4, 3, 3], bias [4] must be [batch, in, a multiple of 4], [out, in, 3], [out]",
        () => tiledConv1d(of(2, 3, 6), of(4, 3, 3), of(4)),
      ],
      [
        "tiledConv1d: x [2, 3, 8], weight [4, 3, 5], bias [4] must be [batch, in, a multiple of 4], [out, in, 3], [out]",
        () => tiledConv1d(of(2, 3, 8), of(4, 3, 5), of(4)),
      ],
      [
        "tiledConv1d: x [2, 3, 8], weight [4, 2, 3], bias [4] must be [batch, in, a multiple of 4], [out, in, 3], [out]",
        () => tiledConv1d(of(2, 3, 8), of(4, 2, 3), of(4)),
      ],
      [
        "tiledConv1d: x [2, 3, 8], weight [4, 3, 3], bias [3] must be [batch, in, a multiple of 4], [out, in, 3], [out]",
        () => tiledConv1d(of(2, 3, 8), of(4, 3, 3), of(3)),
      ],
      [
        "tiledConv1d: x [3, 8], weight [4, 3, 3], bias [4] must be [batch, in, a multiple of 4], [out, in, 3], [out]",
        () => tiledConv1d(of(3, 8), of(4, 3, 3), of(4)),
      ],
    ],
  },
};
