import { at } from "../../base/at.ts";
import type { RandomStream } from "../../base/random.ts";
import { arc, between, distance, type Line, lengthOf, type Point, straight } from "./geometry.ts";

/** Somebody who draws in a way of their own. */
export interface Hand {
  /** Uniform in low .. high. */
  within(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Draws the parts as one line. */
  line(...parts: Line[]): Line;
  /** Draws a closed oval: begun near its top, not quite closed or overdrawn. */
  oval(centre: Point, radiusX: number, radiusY: number): Line;
  /** Draws a closed polygon: begun at any of its corners, not quite closed or overdrawn. */
  polygon(...corners: Point[]): Line;
}

/** Lengths of the waves that a moving hand makes. */
const WAVES = [160, 75, 34] as const;

/** The hand that `random` stands for: how much it trembles, how carelessly it places and closes things. */
export function newHand(random: RandomStream): Hand {
  const within = (low: number, high: number) => low + (high - low) * random.uniform();
  const chance = (probability: number) => random.uniform() < probability;
  const pick = <T>(items: readonly T[]): T => at(items, Math.floor(random.uniform() * items.length));
  const tremble = within(0.35, 1.1);
  const careless = within(0.35, 1.2);
  const rounded = chance(0.3);
  const direction = chance(0.65) ? -1 : 1;

  /** How far from where it should be the line is along one axis, after each length of way. */
  function deviation(length: number): (walked: number) => number {
    const shift = careless * Math.min(2, length / 40) * random.normal();
    const size = tremble * Math.min(1.5, length / 70);
    const waves = WAVES.map((wave) => ({
      size: 1.4 * size * (wave / WAVES[0]) ** 1.5 * random.normal(),
      turn: (2 * Math.PI) / (wave * within(0.8, 1.25)),
      phase: within(0, 2 * Math.PI),
    }));
    return (walked) =>
      waves.reduce((sum, wave) => sum + wave.size * Math.sin(walked * wave.turn + wave.phase), shift);
  }

  function line(...parts: Line[]): Line {
    const meant = parts.flat();
    const length = lengthOf(meant);
    const sideways = deviation(length);
    const upwards = deviation(length);
    let walked = 0;
    return meant.map((point, i): Point => {
      walked += distance(meant[i - 1] ?? point, point);
      const [x, y] = point;
      return [x + sideways(walked), y + upwards(walked)];
    });
  }

  function oval(centre: Point, radiusX: number, radiusY: number): Line {
    const from = within(0.6, 0.95);
    const turn = direction * (1 + careless * within(-0.035, 0.06));
    return line(arc(centre, radiusX, radiusY, from, from + turn, 0.05 * careless * random.normal()));
  }

  function polygon(...corners: Point[]): Line {
    const sides = corners.map((corner, i) => distance(corner, at(corners, (i + 1) % corners.length)));
    const shortest = Math.min(...sides);
    const slip = careless * Math.min(2.5, shortest / 20);
    const loose = corners.map(([x, y]): Point => [x + slip * random.normal(), y + slip * random.normal()]);
    const begin = chance(0.7) ? 0 : Math.floor(within(0, loose.length));
    const cornerAt = (i: number): Point => at(loose, (begin + direction * i + loose.length) % loose.length);
    const rounding = rounded ? 0.045 : 0.01;
    const through: Point[] = [];
    for (let i = 1; i < loose.length; i++)
      through.push(
        between(cornerAt(i), cornerAt(i - 1), rounding),
        between(cornerAt(i), cornerAt(i + 1), rounding),
      );
    through.push(between(cornerAt(0), cornerAt(1), (careless * within(-0.5, 1) * 5) / shortest));
    return line(straight(cornerAt(0), ...through));
  }

  return { within, chance, pick, line, oval, polygon };
}
