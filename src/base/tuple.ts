/** So many values; any number of them where `N` is no more than `number`. */
export type Tuple<T, N extends number, Found extends readonly T[] = readonly []> = number extends N
  ? readonly T[]
  : Found["length"] extends N
    ? Found
    : Tuple<T, N, readonly [...Found, T]>;

/** Whether there are so many values: the compiler then knows each of them. */
export const hasLength = <T, N extends number>(values: readonly T[], length: N): values is Tuple<T, N> =>
  values.length === length;
