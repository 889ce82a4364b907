import { EigenvalueDecomposition, Matrix as Reference } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/base/random.ts";
import {
  type Matrix,
  newMatrix,
  products,
  semidefiniteFactor,
  symmetricEigenvalues,
} from "../../src/metrics/symmetric.ts";

function randomMatrix(rows: number, columns: number): Matrix {
  const stream = randomStream(rows, columns);
  return { rows, columns, values: Float64Array.from({ length: rows * columns }, stream.normal) };
}

const at = ({ columns, values }: Matrix, i: number, j: number) => values[i * columns + j];

const transposed = (a: Matrix): Matrix => ({
  rows: a.columns,
  columns: a.rows,
  values: Float64Array.from({ length: a.values.length }, (_, k) => at(a, k % a.rows, Math.floor(k / a.rows))),
});

describe("products", () => {
  it.each([
    [1, 1, 1],
    [2, 4, 3],
    [5, 7, 6],
    [4, 9, 1],
  ])("of %i and %i rows of %i numbers are dot products", (m, n, length) => {
    const a = randomMatrix(m, length);
    const b = randomMatrix(n, length);
    const c = products(a, b);
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++) {
        const dot = Array.from({ length }, (_, k) => at(a, i, k) * at(b, j, k)).reduce((x, y) => x + y);
        expect(at(c, i, j)).toBeCloseTo(dot, 12);
      }
  });
});

describe("symmetricEigenvalues", () => {
  it("of [[2, 1], [1, 2]] are 1 and 3", () => {
    const [first, second] = symmetricEigenvalues({
      rows: 2,
      columns: 2,
      values: Float64Array.of(2, 1, 1, 2),
    });
    expect(first).toBeCloseTo(1, 14);
    expect(second).toBeCloseTo(3, 14);
  });

  it.each([
    [1, 1],
    [2, 2],
    [7, 9],
    [40, 60],
    [30, 11],
  ])("agree with ml-matrix for %i x %i with %i vectors in it", (n, rank) => {
    const rows = randomMatrix(n, rank);
    const a = products(rows, { ...rows });
    const reference = new EigenvalueDecomposition(
      new Reference(Array.from({ length: n }, (_, i) => [...a.values.subarray(i * n, (i + 1) * n)])),
      { assumeSymmetric: true },
    ).realEigenvalues;
    const ours = symmetricEigenvalues(a);
    const tolerance = n * Number.EPSILON * reference[n - 1];
    ours.forEach((value, i) => {
      expect(Math.abs(value - reference[i])).toBeLessThan(4 * tolerance);
    });
  });

  it("are 0 for a matrix of zeros, and the diagonal of a diagonal matrix in order", () => {
    expect([...symmetricEigenvalues(newMatrix(3, 3))]).toEqual([0, 0, 0]);
    const diagonal = newMatrix(3, 3);
    diagonal.values.set([3, 0, 0, 0, -2, 0, 0, 0, 1]);
    [-2, 1, 3].forEach((value, i) => {
      expect(symmetricEigenvalues(diagonal)[i]).toBeCloseTo(value, 14);
    });
  });
});

describe("semidefiniteFactor", () => {
  it.each([
    [6, 9, 6],
    [9, 4, 4],
  ])("of %i x %i gives back the matrix from rows as many as its rank", (n, vectors, rank) => {
    const rows = randomMatrix(n, vectors);
    const a = products(rows, { ...rows });
    const factor = semidefiniteFactor(a);
    expect(factor.rows).toBe(rank);
    const columns = transposed(factor);
    products(columns, { ...columns }).values.forEach((value, i) => {
      expect(value).toBeCloseTo(a.values[i], 12);
    });
  });

  it("of zeros has no rows", () => {
    expect(semidefiniteFactor(newMatrix(4, 4)).rows).toBe(0);
  });
});
