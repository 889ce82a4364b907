import { topologicalOrder } from "../../src/graph/gradient.ts";
import { type Shape, sameShape, showShape, sizeOf } from "../../src/graph/shape.ts";
import type { Node, Tensor } from "../../src/graph/tensor.ts";

// A second, independent meaning of the graph: every operation in float64, written for reading and not for speed.

/** A tensor's elements, the last axis running fastest. */
interface Value {
  readonly shape: Shape;
  readonly data: Float64Array;
}

export type ReferenceFeeds = Readonly<Record<string, ArrayLike<number>>>;

/** The values of `tensors` when the graph's inputs are `feeds`. */
export function evaluate(tensors: readonly Tensor[], feeds: ReferenceFeeds): Float64Array[] {
  const values = new Map<Tensor, Value>();
  const lookUp = (tensor: Tensor): Value => {
    const value = values.get(tensor);
    if (value === undefined) throw new Error(`${tensor.node.op} has not been computed`);
    return value;
  };
  for (const node of topologicalOrder(tensors)) {
    const results = node.inputs.length === 0 ? [leaf(node, feeds)] : compute(node, node.inputs.map(lookUp));
    for (const [i, output] of node.outputs.entries()) {
      if (!sameShape(results[i].shape, output.shape)) {
        throw new Error(
          `${node.op} declares ${showShape(output.shape)} and makes ${showShape(results[i].shape)}`,
        );
      }
      values.set(output, results[i]);
    }
  }
  return tensors.map((tensor) => lookUp(tensor).data);
}

function leaf(node: Node, feeds: ReferenceFeeds): Value {
  const [{ shape }] = node.outputs;
  const given = node.data ?? feeds[node.name ?? ""];
  if (given === undefined) throw new Error(`input ${node.name} was not fed`);
  const data = Float64Array.from(given, Number);
  if (data.length !== sizeOf(shape)) throw new Error(`${node.name} does not fill ${showShape(shape)}`);
  return { shape, data };
}

function compute(node: Node, inputs: readonly Value[]): readonly Value[] {
  const operation = operations[node.op];
  if (operation === undefined) throw new Error(`the reference does not know the operation ${node.op}`);
  const results = operation(inputs, node);
  return Array.isArray(results) ? results : [results as Value];
}

type Operation = (inputs: readonly Value[], node: Node) => Value | readonly Value[];
type Index = readonly number[];

/** A value from a rule for its elements; the rule must not keep the index. */
function build(shape: Shape, element: (index: Index) => number): Value {
  const data = new Float64Array(sizeOf(shape));
  const index = shape.map(() => 0);
  for (let i = 0; i < data.length; i++) {
    data[i] = element(index);
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
  }
  return { shape, data };
}

/** The element at `index`; missing leading axes and axes of size 1 stretch (NumPy's broadcasting). */
function at({ shape, data }: Value, index: Index): number {
  let offset = 0;
  for (let axis = 0; axis < shape.length; axis++) {
    const place = index[index.length - shape.length + axis];
    offset = offset * shape[axis] + (shape[axis] === 1 ? 0 : place);
  }
  return data[offset];
}

const replaceAt = (list: readonly number[], place: number, value: number): number[] =>
  list.map((n, i) => (i === place ? value : n));

function numberOf(node: Node, name: string): number {
  const value = node.attributes[name];
  if (typeof value !== "number") throw new Error(`${node.op} has no number ${name}`);
  return value;
}

function numbersOf(node: Node, name: string): readonly number[] {
  const value = node.attributes[name];
  if (typeof value !== "object") throw new Error(`${node.op} has no numbers ${name}`);
  return value;
}

const unary =
  (f: (x: number) => number): Operation =>
  ([x]) =>
    build(x.shape, (index) => f(at(x, index)));

const binary =
  (f: (a: number, b: number) => number): Operation =>
  ([a, b]) => {
    const rank = Math.max(a.shape.length, b.shape.length);
    const size = (shape: Shape, i: number) => shape[i - rank + shape.length] ?? 1;
    const shape = Array.from({ length: rank }, (_, i) => Math.max(size(a.shape, i), size(b.shape, i)));
    return build(shape, (index) => f(at(a, index), at(b, index)));
  };

/** The positions of a sequence as they lie: one after the other, or every fourth first. */
function positionsOf({ attributes }: Node, length: number): number[] {
  const positions = Array.from({ length }, (_, i) => i);
  if (attributes.order === "natural") return positions;
  return [0, 1, 2, 3].flatMap((j) => positions.filter((position) => position % 4 === j));
}

const logistic = (x: number) => 1 / (1 + Math.exp(-x));

/** The rows of a value: its elements along the last axis. */
function rowsOf({ shape, data }: Value): Float64Array[] {
  const length = shape[shape.length - 1];
  return Array.from({ length: data.length / length }, (_, i) => data.subarray(i * length, (i + 1) * length));
}

const total = (values: Iterable<number>): number => {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
};

const operations: Readonly<Record<string, Operation>> = {
  add: binary((a, b) => a + b),
  sub: binary((a, b) => a - b),
  mul: binary((a, b) => a * b),
  div: binary((a, b) => a / b),
  max: binary(Math.max),
  exp: unary(Math.exp),
  log: unary(Math.log),
  sqrt: unary(Math.sqrt),
  tanh: unary(Math.tanh),
  sin: unary(Math.sin),
  cos: unary(Math.cos),
  sigmoid: unary(logistic),
  softplus: unary((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  silu: unary((x) => x * logistic(x)),

  where([condition, a, b], node) {
    const [{ shape }] = node.outputs;
    return build(shape, (index) => (at(condition, index) > 0 ? at(a, index) : at(b, index)));
  },

  cumulativeSum([x], node) {
    const axis = numberOf(node, "axis");
    const length = x.shape[axis];
    return build(x.shape, (index) => {
      const place = index[axis];
      const [from, to] = numberOf(node, "reverse") === 1 ? [place, length] : [0, place + 1];
      return total(Array.from({ length: to - from }, (_, i) => at(x, replaceAt(index, axis, from + i))));
    });
  },

  reshape: ([x], node) => ({ shape: numbersOf(node, "shape"), data: x.data }),

  expand: ([x], node) => build(numbersOf(node, "shape"), (index) => at(x, index)),

  sum([x], node) {
    const axes = numbersOf(node, "axes");
    const shape = x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
    const summed = x.shape.map((n, axis) => (axes.includes(axis) ? n : 1));
    return build(shape, (index) =>
      total(
        build(summed, (inner) =>
          at(
            x,
            inner.map((n, axis) => n + index[axis]),
          ),
        ).data,
      ),
    );
  },

  transpose([x], node) {
    const perm = numbersOf(node, "perm");
    const shape = perm.map((axis) => x.shape[axis]);
    return build(shape, (index) =>
      at(
        x,
        x.shape.map((_, axis) => index[perm.indexOf(axis)]),
      ),
    );
  },

  concat(parts, node) {
    const axis = numberOf(node, "axis");
    const size = total(parts.map(({ shape }) => shape[axis]));
    return build(replaceAt(parts[0].shape, axis, size), (index) => {
      let place = index[axis];
      let part = 0;
      while (place >= parts[part].shape[axis]) place -= parts[part++].shape[axis];
      return at(parts[part], replaceAt(index, axis, place));
    });
  },

  split([x], node) {
    const axis = numberOf(node, "axis");
    let start = 0;
    return numbersOf(node, "sizes").map((size) => {
      const from = start;
      start += size;
      return build(replaceAt(x.shape, axis, size), (index) =>
        at(x, replaceAt(index, axis, from + index[axis])),
      );
    });
  },

  shift([x], node) {
    const by = numberOf(node, "by");
    const last = x.shape.length - 1;
    return build(x.shape, (index) => {
      const from = index[last] - by;
      return from < 0 || from >= x.shape[last] ? 0 : at(x, replaceAt(index, last, from));
    });
  },

  slice([x], node) {
    const starts = numbersOf(node, "starts");
    return build(numbersOf(node, "sizes"), (index) =>
      at(
        x,
        index.map((n, axis) => n + starts[axis]),
      ),
    );
  },

  pad([x], node) {
    const [before, after] = [numbersOf(node, "before"), numbersOf(node, "after")];
    const shape = x.shape.map((n, axis) => before[axis] + n + after[axis]);
    return build(shape, (index) => {
      const from = index.map((n, axis) => n - before[axis]);
      return from.every((n, axis) => n >= 0 && n < x.shape[axis]) ? at(x, from) : 0;
    });
  },

  reverse([x]) {
    const last = x.shape.length - 1;
    return build(x.shape, (index) => at(x, replaceAt(index, last, x.shape[last] - 1 - index[last])));
  },

  matmul([a, b], node) {
    const transA = numberOf(node, "transA") === 1;
    const transB = numberOf(node, "transB") === 1;
    const [rows, inner] = transA ? a.shape.slice(-2).reverse() : a.shape.slice(-2);
    const columns = transB ? b.shape[b.shape.length - 2] : b.shape[b.shape.length - 1];
    const leading = a.shape.slice(0, -2);
    return build([...leading, rows, columns], (index) => {
      const [i, j] = index.slice(-2);
      const batch = index.slice(0, -2);
      let sum = 0;
      for (let k = 0; k < inner; k++) {
        sum +=
          at(a, [...batch, ...(transA ? [k, i] : [i, k])]) * at(b, [...batch, ...(transB ? [j, k] : [k, j])]);
      }
      return numberOf(node, "alpha") * sum;
    });
  },

  linear: ([x, weight, bias]) =>
    build([x.shape[0], weight.shape[0]], ([row, output]) => {
      let sum = at(bias, [output]);
      for (let k = 0; k < weight.shape[1]; k++) sum += at(x, [row, k]) * at(weight, [output, k]);
      return sum;
    }),

  conv1d([x, weight, bias]) {
    const [batch, channels, length] = x.shape;
    const [filters, , taps] = weight.shape;
    return build([batch, filters, length], ([n, filter, position]) => {
      let sum = bias.data[filter];
      for (let channel = 0; channel < channels; channel++) {
        for (let tap = 0; tap < taps; tap++) {
          const from = position + tap - (taps - 1) / 2;
          if (from < 0 || from >= length) continue;
          const w = weight.data[(filter * channels + channel) * taps + tap];
          sum += w * x.data[(n * channels + channel) * length + from];
        }
      }
      return sum;
    });
  },

  conv2d([x, weight, bias]) {
    const [batch, channels, height, width] = x.shape;
    const [filters, , taps] = weight.shape;
    const half = (taps - 1) / 2;
    return build([batch, filters, height, width], ([n, filter, row, column]) => {
      let sum = bias.data[filter];
      for (let channel = 0; channel < channels; channel++) {
        for (let down = 0; down < taps; down++) {
          for (let right = 0; right < taps; right++) {
            const [y, across] = [row + down - half, column + right - half];
            if (y < 0 || y >= height || across < 0 || across >= width) continue;
            sum += at(weight, [filter, channel, down, right]) * at(x, [n, channel, y, across]);
          }
        }
      }
      return sum;
    });
  },

  gatherRows: ([table, rows]) =>
    build([rows.shape[0], table.shape[1]], ([row, column]) => at(table, [rows.data[row], column])),

  oneHot([indices], node) {
    const depth = numberOf(node, "depth");
    return build([...indices.shape, depth], (index) =>
      at(indices, index.slice(0, -1)) === index[index.length - 1] ? 1 : 0,
    );
  },

  sumPairs: ([x], node) =>
    build([...x.shape.slice(0, -1), x.shape[x.shape.length - 1] / 2], (index) => {
      const length = x.shape[x.shape.length - 1];
      const i = positionsOf(node, length / 2)[index[index.length - 1]];
      const places = [2 * i, 2 * i + 1].map((position) => positionsOf(node, length).indexOf(position));
      const pair = places.map((place) => at(x, [...index.slice(0, -1), place]));
      return numberOf(node, "weight") * total(pair);
    }),

  repeatPairs: ([x], node) =>
    build([...x.shape.slice(0, -1), x.shape[x.shape.length - 1] * 2], (index) => {
      const length = x.shape[x.shape.length - 1];
      const i = positionsOf(node, 2 * length)[index[index.length - 1]];
      const place = positionsOf(node, length).indexOf(Math.floor(i / 2));
      return numberOf(node, "weight") * at(x, [...index.slice(0, -1), place]);
    }),

  softmax: ([x]) => ({
    shape: x.shape,
    data: Float64Array.from(
      rowsOf(x).flatMap((row) => {
        const largest = Math.max(...row);
        const powers = Array.from(row, (value) => Math.exp(value - largest));
        return powers.map((power) => power / total(powers));
      }),
    ),
  }),

  logSoftmax: ([x]) => ({
    shape: x.shape,
    data: Float64Array.from(
      rowsOf(x).flatMap((row) => {
        const largest = Math.max(...row);
        const logSum = largest + Math.log(total(row.map((value) => Math.exp(value - largest))));
        return Array.from(row, (value) => value - logSum);
      }),
    ),
  }),

  logSumExp: ([x]) => ({
    shape: replaceAt(x.shape, x.shape.length - 1, 1),
    data: Float64Array.from(rowsOf(x), (row) => {
      const largest = Math.max(...row);
      return largest + Math.log(total(row.map((value) => Math.exp(value - largest))));
    }),
  }),

  affine: ([x, scale, shift]) =>
    build(x.shape, (index) => at(x, index) * at(scale, index) + at(shift, index)),

  normalize([x], node) {
    const rows = rowsOf(x);
    const means = rows.map((row) => total(row) / row.length);
    const inverseStds = rows.map((row, i) => {
      const variance = total(row.map((value) => (value - means[i]) ** 2)) / row.length;
      return 1 / Math.sqrt(variance + numberOf(node, "epsilon"));
    });
    const normalized = rows.flatMap((row, i) =>
      Array.from(row, (value) => (value - means[i]) * inverseStds[i]),
    );
    const perRow = [...x.shape.slice(0, -1), 1];
    return [
      { shape: x.shape, data: Float64Array.from(normalized) },
      { shape: perRow, data: Float64Array.from(means) },
      { shape: perRow, data: Float64Array.from(inverseStds) },
    ];
  },

  rmsNormalize: ([x], node) => ({
    shape: x.shape,
    data: Float64Array.from(
      rowsOf(x).flatMap((row) => {
        const meanSquare = total(row.map((value) => value ** 2)) / row.length;
        return Array.from(row, (value) => value / Math.sqrt(meanSquare + numberOf(node, "epsilon")));
      }),
    ),
  }),

  withGradient: ([y]) => y,
};
