import { arc, curve, type Line, type Point, straight } from "./geometry.ts";
import type { Hand } from "./hand.ts";

const LEFT = 20;
const RIGHT = 280;

/** A bus seen from its side, its front to the right: a city bus, a double-decker or a school bus with a bonnet. */
export const drawBus = (hand: Hand): Line[] => hand.pick([cityBus, cityBus, doubleDecker, schoolBus])(hand);

function cityBus(hand: Hand): Line[] {
  const top = hand.within(85, 105);
  const floor = hand.within(195, 210);
  const slant = hand.chance(0.4) ? hand.within(4, 16) : 0;
  const sill = top + (floor - top) * hand.within(0.45, 0.58);
  const doored = hand.chance(0.6);
  const right = doored ? RIGHT - 56 : RIGHT - 14;
  return [
    hand.polygon([LEFT, top], [RIGHT - slant, top], [RIGHT, floor], [LEFT, floor]),
    ...windows(hand, [LEFT + 12, top + 14], [right, sill], hand.pick([3, 4, 4])),
    ...(doored ? door(hand, RIGHT - 46, top + 16, floor, hand.chance(0.5)) : []),
    ...wheels(hand, [LEFT + 55, RIGHT - 75], floor, hand.pick(["plain", "hub", "hub", "arch"])),
    ...stripe(hand, LEFT + 4, right + 6, sill + 14),
    ...headlight(hand, floor - 18),
  ];
}

function doubleDecker(hand: Hand): Line[] {
  const top = hand.within(35, 55);
  const floor = hand.within(215, 230);
  const left = LEFT + 25;
  const right = RIGHT - 25;
  const middle = (top + floor) / 2 - 8;
  const count = hand.pick([3, 4]);
  return [
    hand.polygon([left, top], [right, top], [right, floor], [left, floor]),
    hand.line(straight([left, middle], [right, middle])),
    ...windows(hand, [left + 12, top + 14], [right - 12, middle - 14], count),
    ...windows(hand, [left + 12, middle + 14], [right - 54, middle + 50], hand.pick([1, count - 1])),
    ...door(hand, right - 42, middle + 14, floor, false),
    ...wheels(hand, [left + 45, right - 65], floor, "plain"),
  ];
}

function schoolBus(hand: Hand): Line[] {
  const top = hand.within(80, 98);
  const floor = hand.within(195, 208);
  const bonnet = floor - hand.within(42, 55);
  const cab = RIGHT - hand.within(48, 60);
  const sill = bonnet - hand.within(2, 10);
  return [
    hand.line(
      straight([LEFT, floor], [LEFT, top + 10]),
      curve([LEFT, top + 10], [LEFT + 4, top + 2], [LEFT + 14, top]),
      straight([LEFT + 14, top], [cab - 12, top]),
      curve([cab - 12, top], [cab - 3, top + 6], [cab, bonnet]),
      curve([cab, bonnet], [RIGHT - 10, bonnet + 4], [RIGHT, bonnet + 18], [RIGHT, floor]),
      straight([RIGHT, floor], [LEFT, floor]),
    ),
    ...windows(hand, [LEFT + 14, top + 14], [cab - 14, sill], hand.pick([3, 4, 5])),
    ...wheels(hand, [LEFT + 50, cab + 2], floor, hand.pick(["plain", "hub", "hub", "arch"])),
    ...stripe(hand, LEFT + 4, cab, sill + 14),
    ...headlight(hand, bonnet + 24),
  ];
}

/** `count` windows side by side, or one long window with bars, in the box between two corners. */
function windows(hand: Hand, [left, top]: Point, [right, bottom]: Point, count: number): Line[] {
  const pitch = (right - left) / count;
  if (count === 1 || hand.chance(0.2)) {
    const bars = Array.from({ length: count - 1 }, (_, i) => left + pitch * (i + 1));
    return [
      hand.polygon([left, top], [right, top], [right, bottom], [left, bottom]),
      ...bars.map((x) => hand.line(straight([x, top], [x, bottom]))),
    ];
  }
  const gap = pitch * hand.within(0.16, 0.3);
  return Array.from({ length: count }, (_, i) => {
    const x = left + pitch * i + gap / 2;
    return hand.polygon([x, top], [x + pitch - gap, top], [x + pitch - gap, bottom], [x, bottom]);
  });
}

function door(hand: Hand, left: number, top: number, floor: number, doubleDoor: boolean): Line[] {
  const right = left + hand.within(26, 32);
  const middle = (left + right) / 2;
  return [
    hand.line(straight([left, floor], [left, top], [right, top], [right, floor])),
    ...(doubleDoor ? [hand.line(straight([middle, top], [middle, floor]))] : []),
  ];
}

function wheels(hand: Hand, at: readonly number[], floor: number, kind: "plain" | "hub" | "arch"): Line[] {
  const radius = hand.within(19, 27);
  const centres = at.map((x): Point => [x + hand.within(-5, 5), floor + hand.within(-2, 6)]);
  const tyres = centres.map((centre) => hand.oval(centre, radius, radius));
  switch (kind) {
    case "plain":
      return tyres;
    case "hub":
      return [...tyres, ...centres.map((centre) => hand.oval(centre, radius * 0.34, radius * 0.34))];
    case "arch":
      return [...tyres, ...centres.map((centre) => hand.line(arc(centre, radius + 8, radius + 8, 0.5, 1)))];
  }
}

const stripe = (hand: Hand, left: number, right: number, y: number): Line[] =>
  hand.chance(0.4) ? [hand.line(straight([left, y], [right, y]))] : [];

const headlight = (hand: Hand, y: number): Line[] =>
  hand.chance(0.35) ? [hand.oval([RIGHT - 8, y], 5, 6)] : [];
