import { input, matmul } from "../graph/index.ts";
import { compile } from "../runtime/program.ts";
import type { Features } from "./features.ts";

/**
 * Bounds of the squared distances of some queries to some references, from products in float32: what is surely
 * inside or outside of a radius needs no more, the rest is for `squaredDistance`. The pair of query
 * `firstQuery + i` and reference `firstReference + j` has, up to the rounding of these float64 sums,
 * products[i * stride + j] + queryLow[i] + referenceLow[j] <= distance² and the same with `High` >= distance².
 */
export interface DistanceBlock {
  readonly firstQuery: number;
  readonly queries: number;
  readonly firstReference: number;
  readonly references: number;
  readonly stride: number;
  readonly products: Float32Array;
  readonly queryLow: Float64Array;
  readonly queryHigh: Float64Array;
  readonly referenceLow: Float64Array;
  readonly referenceHigh: Float64Array;
}

const QUERIES = 1024;
const REFERENCES = 4096;

/** The squared distance of row `i` of `a` and row `j` of `b` in float64: 0 for equal rows and no others. */
export function squaredDistance(a: Features, i: number, b: Features, j: number): number {
  const { size } = a;
  let sum = 0;
  for (let k = 0; k < size; k++) {
    const difference = (a.values[i * size + k] ?? 0) - (b.values[j * size + k] ?? 0);
    sum += difference * difference;
  }
  return sum;
}

function meanOf({ count, size, values }: Features): Float64Array {
  const sums = new Float64Array(size);
  for (let i = 0; i < values.length; i++) sums[i % size] = (sums[i % size] ?? 0) + (values[i] ?? 0);
  return sums.map((sum) => sum / count);
}

/** Rows from `first` on less `centre`, filled up with zeros to `rows`; and the squared norms of these. */
function centredRows({ count, size, values }: Features, centre: Float64Array, first: number, rows: number) {
  const length = Math.min(rows, count - first);
  const centred = new Float32Array(rows * size);
  const norms = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    let norm = 0;
    for (let k = 0; k < size; k++) {
      const value = Math.fround((values[(first + i) * size + k] ?? 0) - (centre[k] ?? 0));
      centred[i * size + k] = value;
      norm += value * value;
    }
    norms[i] = norm;
  }
  return { length, centred, norms };
}

/**
 * All pairs of a query and a reference, in blocks; for every query the references come in ascending order.
 * Distances come from |a|² + |b|² - 2 a·b about the references' mean. With u = 2^-24, the product of a and b is wrong
 * by at most size u |a| |b| however it is summed (Higham 2002, "Accuracy and stability of numerical algorithms",
 * 3.1), and rounding the centred rows moves a squared distance by at most 2 u (|a| + |b|)²: together at most
 * (size + 4) u (|a|² + |b|²); 4 more cover what is of higher order.
 */
export async function* distanceBlocks(
  queries: Features,
  references: Features,
): AsyncGenerator<DistanceBlock> {
  const { size } = queries;
  const rows = Math.min(QUERIES, queries.count);
  const stride = Math.min(REFERENCES, references.count);
  const q = input("q", [rows, size]);
  const r = input("r", [stride, size]);
  const program = await compile({ products: matmul(q, r, { transB: true, alpha: -2 }) });
  const error = (size + 8) * 2 ** -24;
  const centre = meanOf(references);
  const low = (norms: Float64Array) => norms.map((norm) => norm * (1 - error));
  const high = (norms: Float64Array) => norms.map((norm) => norm * (1 + error));
  try {
    for (let firstQuery = 0; firstQuery < queries.count; firstQuery += rows) {
      const query = centredRows(queries, centre, firstQuery, rows);
      for (let firstReference = 0; firstReference < references.count; firstReference += stride) {
        const reference = centredRows(references, centre, firstReference, stride);
        const { products } = await program.run({ q: query.centred, r: reference.centred });
        yield {
          firstQuery,
          queries: query.length,
          firstReference,
          references: reference.length,
          stride,
          products,
          queryLow: low(query.norms),
          queryHigh: high(query.norms),
          referenceLow: low(reference.norms),
          referenceHigh: high(reference.norms),
        };
      }
    }
  } finally {
    await program.dispose();
  }
}
