import { at } from "../base/at.ts";
import { hasLength, type Tuple } from "../base/tuple.ts";

/** Sizes of a tensor's axes, outermost first; [] is a scalar. */
export type Shape = readonly number[];

/** The number of values of a shape. */
export const sizeOf = (shape: Shape): number => shape.reduce((a, b) => a * b, 1);

export const showShape = (shape: Shape): string => `[${shape.join(", ")}]`;

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i]);

/** A shape or type that an operation cannot work with: says which operation, what it needs and what it got. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
}

/** Throws unless every axis has a whole size of at least 1; `what` names the tensor's maker. */
export function checkSizes(what: string, shape: Shape): void {
  if (!shape.every((n) => Number.isSafeInteger(n) && n >= 1)) {
    throw new ShapeError(`${what}: the sizes of ${showShape(shape)} must be whole numbers of at least 1`);
  }
}

/** The sizes of a shape that has `rank` axes; throws a ShapeError where it has another number of them. */
export function axisSizes<Rank extends number>(op: string, shape: Shape, rank: Rank): Tuple<number, Rank> {
  if (!hasLength(shape, rank)) throw new ShapeError(`${op}: needs ${rank} axes, found ${showShape(shape)}`);
  return shape;
}

/** The shape that both operands are stretched to (NumPy's rule: right-aligned, sizes equal or 1). */
export function broadcastShapes(op: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const m = a[i - rank + a.length] ?? 1;
    const n = b[i - rank + b.length] ?? 1;
    if (m !== n && m !== 1 && n !== 1) {
      throw new ShapeError(
        `${op}: ${showShape(a)} and ${showShape(b)} do not broadcast: axis ${i} has sizes ${m} and ${n}; they must be equal or one of them 1`,
      );
    }
    return m === 1 ? n : m;
  });
}

/** The axis as a non-negative number; negative ones count from the end. */
export function normalizeAxis(op: string, shape: Shape, axis: number): number {
  const found = axis < 0 ? axis + shape.length : axis;
  if (!Number.isInteger(found) || found < 0 || found >= shape.length) {
    throw new ShapeError(`${op}: axis ${axis} does not exist in shape ${showShape(shape)}`);
  }
  return found;
}

/** The size of an axis; negative ones count from the end. */
export const sizeAt = (op: string, shape: Shape, axis: number): number =>
  at(shape, normalizeAxis(op, shape, axis));

/** The shape of so many tensors of one shape, one behind the other along the first axis. */
export const repeatedShape = (op: string, shape: Shape, count: number): Shape => [
  count * sizeAt(op, shape, 0),
  ...shape.slice(1),
];
