/**
 * The little linear algebra that FID needs, in float64, row-major. Nothing here computes eigenvectors, which would
 * take most of the time at Inception's 2048 features.
 */

/** `rows` vectors of `columns` numbers, one behind the other. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

export const newMatrix = (rows: number, columns: number): Matrix => ({
  rows,
  columns,
  values: new Float64Array(rows * columns),
});

/**
 * Adds to c, [a.rows, b.rows], the products of every row of `a` with every row of `b`: c + a bᵀ. Where `a` and `b` are
 * the same object, only the lower triangle is sure to be added: see `mirror`.
 */
export function addProducts(c: Matrix, a: Matrix, b: Matrix): void {
  const length = a.columns;
  const row = ({ values }: Matrix, i: number) => values.subarray(i * length, (i + 1) * length);
  const add = (place: number, sum: number) => {
    c.values[place] = (c.values[place] ?? 0) + sum;
  };
  // Tiles of 2 x 4 keep their sums in registers; those at the edge repeat the last row and store it once.
  for (let i = 0; i < a.rows; i += 2) {
    const i1 = Math.min(i + 1, a.rows - 1);
    const x0 = row(a, i);
    const x1 = row(a, i1);
    for (let j = 0; j < (a === b ? i1 + 1 : b.rows); j += 4) {
      const j1 = Math.min(j + 1, b.rows - 1);
      const j2 = Math.min(j + 2, b.rows - 1);
      const j3 = Math.min(j + 3, b.rows - 1);
      const y0 = row(b, j);
      const y1 = row(b, j1);
      const y2 = row(b, j2);
      const y3 = row(b, j3);
      let s00 = 0;
      let s01 = 0;
      let s02 = 0;
      let s03 = 0;
      let s10 = 0;
      let s11 = 0;
      let s12 = 0;
      let s13 = 0;
      for (let k = 0; k < length; k++) {
        const a0 = x0[k] ?? 0;
        const a1 = x1[k] ?? 0;
        const b0 = y0[k] ?? 0;
        const b1 = y1[k] ?? 0;
        const b2 = y2[k] ?? 0;
        const b3 = y3[k] ?? 0;
        s00 += a0 * b0;
        s01 += a0 * b1;
        s02 += a0 * b2;
        s03 += a0 * b3;
        s10 += a1 * b0;
        s11 += a1 * b1;
        s12 += a1 * b2;
        s13 += a1 * b3;
      }
      const row0 = i * c.columns;
      add(row0 + j, s00);
      if (j1 > j) add(row0 + j1, s01);
      if (j2 > j1) add(row0 + j2, s02);
      if (j3 > j2) add(row0 + j3, s03);
      if (i1 === i) continue;
      const row1 = i1 * c.columns;
      add(row1 + j, s10);
      if (j1 > j) add(row1 + j1, s11);
      if (j2 > j1) add(row1 + j2, s12);
      if (j3 > j2) add(row1 + j3, s13);
    }
  }
}

/** Copies the lower triangle to the upper. */
export function mirror({ rows, columns, values }: Matrix): void {
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < i; j++) values[j * columns + i] = values[i * columns + j] ?? 0;
}

/** a bᵀ for two different matrices. */
export function products(a: Matrix, b: Matrix): Matrix {
  const c = newMatrix(a.rows, b.rows);
  addProducts(c, a, b);
  return c;
}

const diagonalOf = ({ rows, columns, values }: Matrix): Float64Array =>
  Float64Array.from({ length: rows }, (_, i) => values[i * columns + i] ?? 0);

export const trace = (a: Matrix): number => diagonalOf(a).reduce((sum, value) => sum + value, 0);

/**
 * Rows f with fᵀ f = a, for a positive semidefinite `a`: as many as its numerical rank. Cholesky's decomposition with
 * diagonal pivoting, ended where what is left is rounding (Higham 1990, "Analysis of the Cholesky decomposition of a
 * semi-definite matrix").
 */
export function semidefiniteFactor(a: Matrix): Matrix {
  const n = a.rows;
  const left = diagonalOf(a);
  const smallest = n * Number.EPSILON * left.reduce((x, y) => Math.max(x, y), 0);
  const factor = newMatrix(n, n);
  const f = factor.values;
  let rank = 0;
  for (; rank < n; rank++) {
    const pivot = left.reduce((best, value, i) => (value > (left[best] ?? 0) ? i : best), 0);
    const largest = left[pivot] ?? 0;
    if (!(largest > smallest)) break;
    // What the rows so far leave of the pivot's row of `a`, scaled.
    const row = f.subarray(rank * n, (rank + 1) * n);
    row.set(a.values.subarray(pivot * n, (pivot + 1) * n));
    for (let k = 0; k < rank; k++) {
      const weight = f[k * n + pivot] ?? 0;
      for (let j = 0; j < n; j++) row[j] = (row[j] ?? 0) - weight * (f[k * n + j] ?? 0);
    }
    const scale = 1 / Math.sqrt(largest);
    for (let j = 0; j < n; j++) {
      const value = (row[j] ?? 0) * scale;
      row[j] = value;
      left[j] = (left[j] ?? 0) - value * value;
    }
    left[pivot] = 0;
  }
  return { rows: rank, columns: n, values: f.subarray(0, rank * n) };
}

/**
 * The eigenvalues of a symmetric matrix in ascending order, each to about n eps times the largest; reads the lower
 * triangle. Householder's reduction to tridiagonal form, then bisection on Sturm counts (Golub and Van Loan 2013,
 * "Matrix computations", 8.3.1 and 8.4.1).
 */
export function symmetricEigenvalues(a: Matrix): Float64Array {
  const { diagonal, beside } = tridiagonal(a);
  const n = diagonal.length;
  let low = 0;
  let high = 0;
  for (const [i, centre] of diagonal.entries()) {
    // Gershgorin's discs hold all eigenvalues.
    const radius = Math.abs(beside[i] ?? 0) + Math.abs(beside[i + 1] ?? 0);
    low = Math.min(low, centre - radius);
    high = Math.max(high, centre + radius);
  }
  const width = Number.EPSILON * Math.max(-low, high);
  const squared = beside.map((value) => value * value);
  const tiny = Number.MIN_VALUE / Number.EPSILON + width * Number.EPSILON;

  /** How many eigenvalues lie below x: the negative pivots of T - x. */
  function countBelow(x: number): number {
    let count = 0;
    let pivot = 1;
    for (let i = 0; i < n; i++) {
      pivot = (diagonal[i] ?? 0) - x - (squared[i] ?? 0) / pivot;
      if (Math.abs(pivot) < tiny) pivot = -tiny;
      if (pivot < 0) count++;
    }
    return count;
  }

  const eigenvalues = new Float64Array(n);
  /** Halves an interval with `below` eigenvalues under its left end and `upTo` under its right one. */
  function bisect(left: number, right: number, below: number, upTo: number): void {
    if (below === upTo) return;
    const middle = (left + right) / 2;
    if (right - left <= width || middle === left || middle === right) {
      eigenvalues.fill(middle, below, upTo);
      return;
    }
    const count = countBelow(middle);
    bisect(left, middle, below, count);
    bisect(middle, right, count, upTo);
  }
  bisect(low - width, high + width, 0, n);
  return eigenvalues;
}

/**
 * A tridiagonal matrix that is orthogonally similar to `a`: its diagonal [n] and what stands left of it in each row [n],
 * 0 in the first.
 */
function tridiagonal(a: Matrix): { diagonal: Float64Array; beside: Float64Array } {
  const n = a.rows;
  const t = a.values.slice();
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(n);
  const v = new Float64Array(n);
  const p = new Float64Array(n);
  for (let k = n - 1; k >= 0; k--) {
    // The last row of what is left, [k], is reflected onto its last element by H = 1 - v vᵀ / h.
    diagonal[k] = t[k * n + k] ?? 0;
    if (k === 0) break;
    let norm = 0;
    for (let j = 0; j < k; j++) {
      const value = t[k * n + j] ?? 0;
      v[j] = value;
      norm += value * value;
    }
    norm = Math.sqrt(norm);
    const last = v[k - 1] ?? 0;
    const reflected = last > 0 ? -norm : norm;
    beside[k] = reflected;
    const h = norm * (norm + Math.abs(last));
    if (h === 0) continue;
    v[k - 1] = last - reflected;

    // A becomes H A H = A - v wᵀ - w vᵀ with p = A v / h and w = p - v (pᵀ v) / 2h.
    p.fill(0, 0, k);
    for (let i = 0; i < k; i++) {
      const row = i * n;
      const vi = v[i] ?? 0;
      let sum = (t[row + i] ?? 0) * vi;
      for (let j = 0; j < i; j++) {
        const value = t[row + j] ?? 0;
        sum += value * (v[j] ?? 0);
        p[j] = (p[j] ?? 0) + value * vi;
      }
      p[i] = (p[i] ?? 0) + sum;
    }
    let along = 0;
    for (let i = 0; i < k; i++) {
      const value = (p[i] ?? 0) / h;
      p[i] = value;
      along += value * (v[i] ?? 0);
    }
    along /= 2 * h;
    for (let i = 0; i < k; i++) p[i] = (p[i] ?? 0) - along * (v[i] ?? 0);
    for (let i = 0; i < k; i++) {
      const row = i * n;
      const vi = v[i] ?? 0;
      const wi = p[i] ?? 0;
      for (let j = 0; j <= i; j++) t[row + j] = (t[row + j] ?? 0) - (vi * (p[j] ?? 0) + wi * (v[j] ?? 0));
    }
  }
  return { diagonal, beside };
}
