import { cheeks, type EyeKind, eyes, nose, whiskers } from "./face.ts";
import { arc, curve, type Line, type Point, straight } from "./geometry.ts";
import type { Hand } from "./hand.ts";

const EYES: readonly EyeKind[] = ["dot", "dot", "tall", "happy"];

/** A rabbit: its face alone, sitting up, or crouching seen from its side. */
export const drawRabbit = (hand: Hand): Line[] => hand.pick([face, face, sitting, crouching])(hand);

function face(hand: Hand): Line[] {
  const inside = hand.chance(0.3);
  const count = inside ? 0 : hand.pick([0, 2, 2, 3]);
  return head(hand, [150, 205], hand.within(66, 78), { inside, teeth: hand.chance(0.4), count });
}

function sitting(hand: Hand): Line[] {
  const size = hand.within(48, 58);
  const y = 120;
  const wide = hand.within(44, 56);
  const tall = hand.within(46, 56);
  const middle = y + size * 0.8 + tall;
  const floor = middle + tall;
  const foot = (side: number): Line => {
    const x = 150 + side * wide * 0.68;
    return hand.line(arc([x, floor], 24, 17, 0.5, 1), straight([x + 24, floor], [x - 24, floor]));
  };
  const arm = (side: number): Line =>
    hand.line(
      curve(
        [150 + side * wide * 0.78, middle - tall * 0.5],
        [150 + side * wide * 0.38, middle],
        [150 + side * wide * 0.2, middle - tall * 0.22],
      ),
    );
  return [
    ...head(hand, [150, y], size, { inside: false, teeth: false, count: 0 }),
    hand.line(arc([150, middle], wide, tall, 0.86, 1.64)),
    ...(hand.chance(0.6) ? [arm(-1), arm(1)] : [hand.oval([150 + wide + 9, floor - 26], 13, 12)]),
    foot(-1),
    foot(1),
  ];
}

function crouching(hand: Hand): Line[] {
  const floor = 258;
  const back = hand.within(126, 148);
  const rump = hand.within(232, 250);
  const size = hand.within(38, 46);
  const [x, y]: Point = [82, 168];
  const high = hand.within(72, 100);
  const lean = hand.within(4, 36);
  const ear = (apart: number): Line => {
    const foot = x + apart * 0.9 - 4;
    const low = y - size * 0.84;
    return hand.line(
      earOutline([foot - 9, low], [foot + 11, low + 2], [foot + lean + apart * 0.5, low - high]),
    );
  };
  const body = hand.line(
    curve(
      [x + size * 0.86, y - 10],
      [152, back],
      [200, back + 10],
      [rump, floor - 60],
      [rump - 4, floor - 16],
      [rump - 30, floor],
    ),
    curve([rump - 30, floor], [150, floor + 1], [96, floor]),
    curve([96, floor], [82, floor - 5], [92, floor - 16], [104, floor - 24], [x + 20, y + size * 0.84]),
  );
  const haunch = hand.line(curve([166, floor - 3], [160, floor - 46], [190, floor - 72], [222, floor - 52]));
  return [
    hand.oval([x, y], size * 1.12, size * 0.9),
    ear(0),
    ear(22),
    hand.oval([x - size * 0.35, y - size * 0.18], 5, 5.5),
    hand.chance(0.6)
      ? hand.line(
          curve(
            [x - size, y + size * 0.3],
            [x - size * 0.7, y + size * 0.46],
            [x - size * 0.42, y + size * 0.32],
          ),
        )
      : hand.oval([x - size * 1.1, y + 4], 5, 5),
    body,
    ...(hand.chance(0.75) ? [haunch] : []),
    hand.oval([rump + 10, floor - 48], 15, 14),
    ...(hand.chance(0.5) ? whiskers(hand, [x - size * 0.62, y + 10], size * 0.8, 2, [-1]) : []),
  ];
}

interface Features {
  /** Whether the insides of the ears show. */
  readonly inside: boolean;
  readonly teeth: boolean;
  /** Whiskers on each side. */
  readonly count: number;
}

function head(hand: Hand, [x, y]: Point, size: number, { inside, teeth, count }: Features): Line[] {
  const wide = size * hand.within(0.9, 1.12);
  const tall = size * hand.within(0.85, 1);
  const noseAt: Point = [x, y + tall * hand.within(0.1, 0.22)];
  const lip: Point = [x, noseAt[1] + size * hand.within(0.18, 0.24)];
  return [
    hand.oval([x, y], wide, tall),
    ...ears(hand, [x, y], wide, tall, inside),
    ...eyes(
      hand,
      [x, y - tall * hand.within(0.12, 0.26)],
      wide * hand.within(0.66, 0.86),
      size,
      hand.pick(EYES),
    ),
    nose(hand, noseAt, size),
    cheeks(hand, lip, size),
    ...(teeth ? [frontTeeth(hand, [x, lip[1] + size * 0.05], size)] : []),
    ...whiskers(hand, [x, noseAt[1] + size * 0.08], wide, count, [-1, 1]),
  ];
}

/** Two long ears; at times one folds over, at times their insides show. */
function ears(hand: Hand, [x, y]: Point, wide: number, tall: number, inside: boolean): Line[] {
  const long = tall * hand.within(1.3, 1.9);
  const spread = wide * hand.within(0.35, 0.8);
  const folded = hand.chance(0.2) && !inside ? hand.pick([-1, 1]) : 0;
  return [-1, 1].flatMap((side) => {
    const outer: Point = [x + side * wide * 0.66, y - tall * 0.74];
    const inner: Point = [x + side * wide * 0.12, y - tall * 0.98];
    const [left, right] = side < 0 ? [outer, inner] : [inner, outer];
    const tip: Point = [x + side * spread, y - tall * 0.8 - long];
    if (side === folded) return [hand.line(foldedEar(inner, outer, side, long))];
    const outline = hand.line(earOutline(left, right, tip));
    if (!inside) return [outline];
    const narrow = (foot: Point, other: Point): Point => [
      foot[0] * 0.72 + other[0] * 0.28,
      foot[1] * 0.72 + other[1] * 0.28 - long * 0.14,
    ];
    const pink = earOutline(narrow(left, right), narrow(right, left), [tip[0], tip[1] + long * 0.18]);
    return [outline, hand.line(pink)];
  });
}

/** From one foot of an ear over its tip to the other. */
function earOutline(left: Point, right: Point, tip: Point): Line {
  const bulge = 0.36 * (right[0] - left[0]) + 2;
  const beside = (foot: Point, part: number, aside: number): Point => [
    foot[0] + (tip[0] - foot[0]) * part + aside,
    foot[1] + (tip[1] - foot[1]) * part,
  ];
  return curve(
    left,
    beside(left, 0.55, -bulge),
    beside(left, 0.9, -bulge),
    tip,
    beside(right, 0.9, bulge),
    beside(right, 0.55, bulge),
    right,
  );
}

/** An ear whose upper half hangs down to its side. */
function foldedEar(inner: Point, outer: Point, side: number, long: number): Line {
  const [x, y]: Point = [(inner[0] + outer[0]) / 2 + side * 8, inner[1] - long * 0.6];
  return curve(
    inner,
    [inner[0] + side * 2, y + long * 0.2],
    [x - side * 8, y],
    [x + side * 16, y - 4],
    [x + side * 36, y + long * 0.2],
    [x + side * 38, y + long * 0.44],
    [x + side * 22, y + long * 0.42],
    [x + side * 10, y + long * 0.2],
    outer,
  );
}

function frontTeeth(hand: Hand, [x, y]: Point, size: number): Line {
  const wide = size * hand.within(0.1, 0.14);
  const low = y + size * hand.within(0.18, 0.26);
  return hand.line(
    straight([x - wide, y], [x - wide, low], [x, low], [x, y], [x, low], [x + wide, low], [x + wide, y]),
  );
}
