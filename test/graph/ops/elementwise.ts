import {
  add,
  cos,
  div,
  exp,
  log,
  max,
  mul,
  sigmoid,
  silu,
  siluSlope,
  sin,
  softplus,
  sqrt,
  sub,
  tanh,
  where,
} from "../../../src/graph/ops/elementwise.ts";
import type { Shape } from "../../../src/graph/shape.ts";
import { constant, type Tensor } from "../../../src/graph/tensor.ts";
import { indices, type OpTable, type OpTests, of, on } from "./cases.ts";

const broadcasting: readonly (readonly [Shape, Shape])[] = [
  [[], []],
  [[3], [3]],
  [[2, 3], []],
  [[], [2, 3]],
  [[2, 3], [3]],
  [[3], [2, 3]],
  [
    [2, 1, 4],
    [1, 3, 1],
  ],
  [
    [1, 1],
    [1, 5],
  ],
  [[1], [2, 1, 2]],
];

const binary = (name: string, op: (a: Tensor, b: Tensor) => Tensor): OpTests => ({
  cases: broadcasting.map((shapes) => on(shapes, op)),
  errors: [
    [
      `${name}: [2, 3] and [2, 4] do not broadcast: axis 1 has sizes 3 and 4; they must be equal or one of them 1`,
      () => op(of(2, 3), of(2, 4)),
    ],
    [
      `${name}: [5] and [2, 3] do not broadcast: axis 1 has sizes 5 and 3; they must be equal or one of them 1`,
      () => op(of(5), of(2, 3)),
    ],
    [`${name}: operand 2 must be float32, found int64 [3]`, () => op(of(3), indices("i", 3))],
  ],
});

/** Numbers of both signs and 0, far enough out for careless formulas to overflow. */
const extremes = [-90, -20, -1.5, -1e-3, 0, 1e-3, 1.5, 20, 90];

const unary = (name: string, op: (x: Tensor) => Tensor, range = 1): OpTests => ({
  cases: [
    on([[]], op),
    on([[1]], op),
    on([[2, 3, 1]], op),
    on([[extremes.length]], op, "far from zero", { a: extremes.map((x) => x * range) }),
  ],
  errors: [[`${name}: operand 1 must be float32, found int64 [2]`, () => op(indices("i", 2))]],
});

/** Divisors that are not near 0. */
const divisors = (shape: Shape): number[] =>
  Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => (i % 2 === 0 ? 1 : -1) * (0.5 + i / 4));

/** From almost 0 on, as roots and logarithms need them. */
const positives = [1e-2, 0.5, 1, 2, 7, 1e3];

const ofPositives = (name: string, op: (x: Tensor) => Tensor): OpTests => ({
  ...unary(name, op),
  cases: [on([[]], op, "", { a: [0.7] }), on([[2, 3, 1]], op, "", { a: positives })],
});

/** Conditions of both kinds. */
const conditions = (shape: Shape): number[] =>
  Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => [1, -2, 0.1][i % 3]);

export const elementwise: OpTable = {
  max: {
    ...binary("max", max),
    cases: [
      ...broadcasting.map((shapes) => on(shapes, max)),
      on([[3], [3]], max, "mixed", { a: [1, -2, 3], b: [0, 5, -3] }),
    ],
  },
  where: {
    cases: [
      ...broadcasting.map(([a, b]) => on([a, a, b], where, "", { a: conditions(a) })),
      ...broadcasting.map(([a, b]) => on([b, a, b], where, "", { a: conditions(b) })),
      on([[3], [3]], (a, b) => where(constant([0, 1, -1], [3]), a, b), "at 0"),
    ],
    errors: [
      [
        "where: [2, 3] and [2, 4] do not broadcast: axis 1 has sizes 3 and 4; they must be equal or one of them 1",
        () => where(of(1), of(2, 3), of(2, 4)),
      ],
      [
        "where: [5] and [2, 3] do not broadcast: axis 1 has sizes 5 and 3; they must be equal or one of them 1",
        () => where(of(5), of(2, 3), of(3)),
      ],
      ["where: operand 1 must be float32, found int64 [3]", () => where(indices("i", 3), of(3), of(3))],
    ],
  },
  exp: unary("exp", exp, 0.05),
  log: ofPositives("log", log),
  sqrt: ofPositives("sqrt", sqrt),
  tanh: unary("tanh", tanh),
  add: binary("add", add),
  sub: binary("sub", sub),
  mul: binary("mul", mul),
  div: {
    ...binary("div", div),
    cases: broadcasting.map(([a, b]) => on([a, b], div, "", { b: divisors(b) })),
  },
  sin: unary("sin", sin, 0.1),
  cos: unary("cos", cos, 0.1),
  sigmoid: unary("sigmoid", sigmoid),
  softplus: unary("softplus", softplus),
  silu: unary("silu", silu),
  siluSlope: {
    cases: [on([[4]], (x) => siluSlope(x, silu(x))), on([[2, 3]], (x) => siluSlope(x, silu(x)))],
    errors: [],
  },
};
