/** So many values; any number of them where `N` is no more than `number`. */
export type Tuple<T, N extends number, Found extends readonly T[] = readonly []> = number extends N
  ? readonly T[]
  : Found["length"] extends N
    ? Found
    : Tuple<T, N, readonly [...Found, T]>;

/** The values, of which there are so many; throws a RangeError where there are not. */
export function exactly<T, N extends number>(values: readonly T[], length: N): Tuple<T, N> {
  if (!hasLength(values, length)) throw new RangeError(`expected ${length} values, found ${values.length}`);
  return values;
}

/** Whether there are so many values: the compiler then knows each of them. */
export const hasLength = <T, N extends number>(values: readonly T[], length: N): values is Tuple<T, N> =>
  values.length === length;
