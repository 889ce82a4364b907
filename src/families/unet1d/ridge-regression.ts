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
      rows.reduce((sum, row) => sum + row[i] * row[j], i === j ? ridge : 0),
    ),
  );
  const lower = cholesky(products);
  return (targets) => {
    const solution = Float64Array.from({ length: size }, (_, i) =>
      rows.reduce((sum, row, k) => sum + row[i] * targets[k], 0),
    );
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < i; j++) solution[i] -= lower[i][j] * solution[j];
      solution[i] /= lower[i][i];
    }
    for (let i = size - 1; i >= 0; i--) {
      for (let j = i + 1; j < size; j++) solution[i] -= lower[j][i] * solution[j];
      solution[i] /= lower[i][i];
    }
    return solution;
  };
}

/** L with L Lᵀ = a, both as lower triangles. */
function cholesky(a: readonly (readonly number[])[]): number[][] {
  const lower: number[][] = [];
  for (const [i, row] of a.entries()) {
    lower.push([]);
    for (const [j, value] of row.entries()) {
      let rest = value;
      for (let k = 0; k < j; k++) rest -= lower[i][k] * lower[j][k];
      lower[i].push(i === j ? Math.sqrt(rest) : rest / lower[j][j]);
    }
  }
  return lower;
}
