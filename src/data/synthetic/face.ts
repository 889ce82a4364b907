import { arc, type Line, type Point, straight } from "./geometry.ts";
import type { Hand } from "./hand.ts";

export type EyeKind = "dot" | "round" | "tall" | "happy";

const SMALLEST_DOT = 5;

/** Two eyes `apart` from each other around a point. */
export function eyes(hand: Hand, [x, y]: Point, apart: number, size: number, kind: EyeKind): Line[] {
  const both: Point[] = [
    [x - apart / 2, y],
    [x + apart / 2, y],
  ];
  switch (kind) {
    case "round": {
      const radius = size * hand.within(0.12, 0.18);
      return both.map((at) => hand.oval(at, radius, radius));
    }
    case "tall":
      return both.map((at) => hand.oval(at, size * 0.09, size * 0.17));
    case "happy":
      return both.map((at) => hand.line(arc(at, size * 0.16, size * 0.15, 0.5, 1)));
    case "dot":
      return both.map((at) => {
        const radius = Math.max(SMALLEST_DOT, size * 0.08);
        return hand.oval(at, radius, radius);
      });
  }
}

/** A small triangle on its tip, or an oval. */
export function nose(hand: Hand, [x, y]: Point, size: number): Line {
  const wide = size * hand.within(0.085, 0.11);
  return hand.chance(0.65)
    ? hand.polygon([x - wide, y - wide * 0.5], [x + wide, y - wide * 0.5], [x, y + wide * 0.8])
    : hand.oval([x, y], wide, wide * 0.75);
}

/** Two cheeks that meet below the nose: a round w. */
export function cheeks(hand: Hand, [x, y]: Point, size: number): Line {
  const wide = size * hand.within(0.12, 0.17);
  const deep = size * hand.within(0.1, 0.14);
  return hand.line(arc([x - wide, y], wide, deep, 0.5, 0), arc([x + wide, y], wide, deep, 0.5, 0));
}

/** `count` whiskers on each of `sides` (-1 left, 1 right), fanning out; side after side or pair after pair. */
export function whiskers(
  hand: Hand,
  [x, y]: Point,
  wide: number,
  count: number,
  sides: readonly number[],
): Line[] {
  const inner = wide * hand.within(0.38, 0.5);
  const outer = wide * hand.within(1.12, 1.45);
  const spread = wide * hand.within(0.12, 0.21);
  const whisker = (side: number, i: number): Line => {
    const slope = i - (count - 1) / 2;
    return hand.line(
      straight(
        [x + side * inner, y + slope * spread * 0.5],
        [x + side * outer * hand.within(0.9, 1.1), y + slope * spread * 1.9],
      ),
    );
  };
  const rows = Array.from({ length: count }, (_, i) => i);
  return hand.chance(0.6)
    ? sides.flatMap((side) => rows.map((i) => whisker(side, i)))
    : rows.flatMap((i) => sides.map((side) => whisker(side, i)));
}
