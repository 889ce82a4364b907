import { cheeks, type EyeKind, eyes, nose, whiskers } from "./face.ts";
import { arc, curve, type Line, type Point, straight } from "./geometry.ts";
import type { Hand } from "./hand.ts";

const EYES: readonly EyeKind[] = ["dot", "dot", "round", "tall", "happy"];

/** A cat: its face alone, sitting, or walking by. */
export const drawCat = (hand: Hand): Line[] => hand.pick([face, face, sitting, walking])(hand);

const face = (hand: Hand): Line[] => head(hand, [150, 160], 95, hand.pick([2, 3, 3]));

function sitting(hand: Hand): Line[] {
  const size = hand.within(52, 66);
  const neck = 90 + size * 0.7;
  const floor = neck + hand.within(120, 150);
  const wide = hand.within(46, 62);
  const body = hand.line(
    curve(
      [150 - size * 0.5, neck],
      [150 - wide * 0.9, neck + 50],
      [150 - wide * 1.1, floor - 34],
      [150 - wide * 0.7, floor],
      [150 + wide * 0.7, floor],
      [150 + wide * 1.1, floor - 34],
      [150 + wide * 0.9, neck + 50],
      [150 + size * 0.5, neck],
    ),
  );
  const side = hand.pick([-1, 1]);
  const up = hand.within(60, 120);
  const curl = hand.within(-26, 22);
  const tail = hand.line(
    curve(
      [150 + side * wide * 1.02, floor - 16],
      [150 + side * (wide + 34), floor - 10],
      [150 + side * (wide + 56), floor - up * 0.42],
      [150 + side * (wide + 44), floor - up * 0.8],
      [150 + side * (wide + 50 + curl), floor - up],
    ),
  );
  const pawed = hand.chance(0.6);
  const paws = [-1, 1].map((paw) =>
    hand.line(curve([150 + paw * 14, neck + 62], [150 + paw * 11, floor - 22], [150 + paw * 15, floor])),
  );
  return [...head(hand, [150, 90], size, pawed ? 1 : 2), body, ...(pawed ? paws : []), tail];
}

function walking(hand: Hand): Line[] {
  const long = hand.within(100, 140);
  const back = 130 + hand.within(-8, 8);
  const belly = back + hand.within(60, 76);
  const floor = belly + hand.within(36, 54);
  const rump = 95 + long;
  const outlined = hand.chance(0.55);
  const legs = [95, 121, rump - 42, rump - 14];
  const body = outlined
    ? [
        hand.line(
          curve([82, belly - 34], [88, belly - 8], [95, belly]),
          ...legs.map((x) => straight([x, belly], [x - 1, floor], [x + 16, floor], [x + 16, belly])),
          curve(
            [rump + 4, belly - 8],
            [rump + 14, back + 34],
            [rump - 4, back + 4],
            [165, back - 4],
            [108, back + 4],
          ),
        ),
      ]
    : [
        hand.oval([90 + long / 2, (back + belly) / 2], long / 2 + 20, (belly - back) / 2 + 4),
        ...legs.map((x) => hand.line(straight([x + 4, belly - 2], [x + hand.within(-4, 6), floor]))),
      ];
  const up = hand.within(50, 100);
  const curl = hand.within(-20, 28);
  const tail = hand.line(
    curve(
      [rump + 6, back + 16],
      [rump + 36, back],
      [rump + 46, back - up * 0.5],
      [rump + 38, back - up * 0.85],
      [rump + 40 + curl, back - up],
    ),
  );
  const size = hand.within(44, 54);
  return [...head(hand, [75, 110], size, outlined && hand.chance(0.7) ? 2 : 0), ...body, tail];
}

/** Head, ears, eyes, nose, mouth and `count` whiskers on each side. */
function head(hand: Hand, [x, y]: Point, size: number, count: number): Line[] {
  const wide = size * hand.within(1, 1.25);
  const tall = size * hand.within(0.82, 1);
  const noseAt: Point = [x, y + tall * hand.within(0.12, 0.24)];
  const outline = hand.chance(0.5) ? outlineWithEars : outlineAndEars;
  return [
    ...outline(hand, [x, y], wide, tall),
    ...eyes(
      hand,
      [x, y - tall * hand.within(0.1, 0.26)],
      wide * hand.within(0.72, 0.92),
      size,
      hand.pick(EYES),
    ),
    nose(hand, noseAt, size),
    ...mouth(hand, noseAt, size),
    ...whiskers(hand, [x, noseAt[1] + size * 0.1], wide, count, [-1, 1]),
  ];
}

/** Once around without lifting the pen: over both ears and along the chin. */
function outlineWithEars(hand: Hand, [x, y]: Point, wide: number, tall: number): Line[] {
  const tip = y - tall * hand.within(1.35, 1.65);
  const lean = wide * hand.within(0.72, 0.95);
  const dip = y - tall * hand.within(0.72, 0.85);
  const left: Point = [x - wide * 0.9, y - tall * 0.4];
  const right: Point = [x + wide * 0.9, y - tall * 0.4];
  return [
    hand.line(
      straight(left, [x - lean, tip], [x - wide * 0.34, dip]),
      curve([x - wide * 0.34, dip], [x, dip - tall * 0.05], [x + wide * 0.34, dip]),
      straight([x + wide * 0.34, dip], [x + lean, tip], right),
      curve(
        right,
        [x + wide, y + tall * 0.15],
        [x + wide * 0.7, y + tall * 0.75],
        [x, y + tall],
        [x - wide * 0.7, y + tall * 0.75],
        [x - wide, y + tall * 0.15],
        left,
      ),
    ),
  ];
}

/** A round head and an ear on each side of it. */
function outlineAndEars(hand: Hand, [x, y]: Point, wide: number, tall: number): Line[] {
  const tip = y - tall * hand.within(1.4, 1.7);
  const lean = wide * hand.within(0.7, 0.95);
  const ear = (side: number): Line =>
    hand.line(
      straight(
        [x + side * wide * 0.9, y - tall * 0.42],
        [x + side * lean, tip],
        [x + side * wide * 0.3, y - tall * 0.94],
      ),
    );
  return [hand.oval([x, y], wide, tall), ear(-1), ear(1)];
}

function mouth(hand: Hand, [x, y]: Point, size: number): Line[] {
  const lip = y + size * hand.within(0.19, 0.27);
  switch (hand.pick(["cheeks", "cheeks", "anchor", "smile"])) {
    case "cheeks":
      return [cheeks(hand, [x, lip], size)];
    case "anchor":
      return [hand.line(straight([x, y + size * 0.09], [x, lip])), cheeks(hand, [x, lip], size)];
    default:
      return [hand.line(arc([x, lip - size * 0.08], size * 0.3, size * 0.22, 0.46, 0.04))];
  }
}
