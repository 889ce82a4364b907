/** The value at an index that the program knows to be there; throws a RangeError where it is not. */
export function at<T>(values: ArrayLike<T>, index: number): T {
  const value = values[index];
  if (value === undefined) throw new RangeError(`expected an index below ${values.length}, found ${index}`);
  return value;
}

/** The value under a key that the program knows to be there; throws a RangeError where it is not. */
export function atKey<T>(values: Readonly<Record<string, T>>, key: string): T {
  const value = values[key];
  if (value === undefined) throw new RangeError(`expected a value called "${key}", found none`);
  return value;
}
