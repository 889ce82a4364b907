/** The outcome of one group of golden numbers: the largest relative error found and the largest allowed. */
export interface Check {
  readonly group: string;
  readonly error: number;
  readonly limit: number;
  /** What has the largest error, or why nothing could be compared. */
  readonly worst: string;
}

/** Largest difference, relative to the largest expected value. */
export function relativeError(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length || Array.from(found).some(Number.isNaN)) return Infinity;
  let difference = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(found[i] - expected[i]));
    largest = Math.max(largest, Math.abs(expected[i]));
  }
  return largest === 0 ? difference : difference / largest;
}

/** Gathers the errors of a group's parts. */
export function group(name: string, limit: number, parts: readonly (readonly [string, number])[]): Check {
  const [worst, error] = parts.reduce((a, b) => (b[1] <= a[1] ? a : b), ["everything", 0] as const);
  return { group: name, error, limit, worst: parts.length === 0 ? "nothing to compare in the file" : worst };
}
