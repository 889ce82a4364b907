import { at } from "../../base/at.ts";

/**
 * Fits targets to rows: the weights w with the least Σ_i (Σ_j rows[i][j] w[j] - targets[i])² + ridge |w|² (Hoerl and
 * Kennard 1970), from the normal equations by Cholesky's decomposition.
 */
export function ridgeRegression(
  rows: readonly (readonly number[])[],
  ridge: number,
): (targets: readonly number[]) => Float64Array {
  const size = rows[0]?.length ?? 0;
  const products = Array.from({ length: size }, (_, i) =>
    Array.from({ length: i + 1 }, (_, j) =>
      rows.reduce((sum, row) => sum + at(row, i) * at(row, j), i === j ? ridge : 0),
    ),
  );
  const lower = cholesky(products);
  const entry = (row: number, column: number) => at(at(lower, row), column);
  return (targets) => {
    const solution = Float64Array.from({ length: size }, (_, i) =>
      rows.reduce((sum, row, k) => sum + at(row, i) * at(targets, k), 0),
    );
    for (let i = 0; i < size; i++) {
      let rest = at(solution, i);
      for (let j = 0; j < i; j++) rest -= entry(i, j) * at(solution, j);
      solution[i] = rest / entry(i, i);
    }
    for (let i = size - 1; i >= 0; i--) {
      let rest = at(solution, i);
      for (let j = i + 1; j < size; j++) rest -= entry(j, i) * at(solution, j);
      solution[i] = rest / entry(i, i);
    }
    return solution;
  };
}

/** L with L Lᵀ = a, both as lower triangles. */
function cholesky(a: readonly (readonly number[])[]): number[][] {
  const lower: number[][] = [];
  for (const [i, given] of a.entries()) {
    const row: number[] = [];
    lower.push(row);
    for (const [j, value] of given.entries()) {
      const above = at(lower, j);
      let rest = value;
      for (let k = 0; k < j; k++) rest -= at(row, k) * at(above, k);
      row.push(i === j ? Math.sqrt(rest) : rest / at(above, j));
    }
  }
  return lower;
}
