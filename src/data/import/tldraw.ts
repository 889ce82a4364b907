import { z } from "zod";
import { checked } from "../../base/check.ts";
import { UserError } from "../../base/errors.ts";
import type { Sketch, Stroke } from "../../sketch/sketch.ts";
import type { Imported, ImportOptions } from "./imported.ts";

const point = z.looseObject({ x: z.number(), y: z.number() });
const shapeSchema = z.looseObject({
  typeName: z.literal("shape"),
  id: z.string(),
  type: z.string(),
  /** Of its place among its siblings: later in the alphabet is above. */
  index: z.string(),
  parentId: z.string(),
  x: z.number(),
  y: z.number(),
  rotation: z.number().default(0),
});
type Shape = z.output<typeof shapeSchema>;
const drawSchema = z.looseObject({
  props: z.looseObject({
    segments: z.array(z.looseObject({ points: z.array(point) })),
    isClosed: z.boolean().default(false),
  }),
});
const lineSchema = z.looseObject({
  props: z.looseObject({
    points: z.record(z.string(), z.looseObject({ ...point.shape, index: z.string() })),
  }),
});
const schema = z.looseObject({
  tldrawFileFormatVersion: z.number(),
  records: z.array(z.looseObject({ typeName: z.string() })),
});

/** Groups in groups, at most. */
const DEEPEST = 100;

/**
 * The drawings of a tldraw file: what was drawn by hand, and lines.
 * @throws UserError naming file and record for what cannot be read, or nothing to draw.
 */
export function readTldraw(value: unknown, file: string, { eachGroup }: ImportOptions): Imported {
  const { records } = checked(schema, value, file);
  const shapes = records.flatMap((record, i) =>
    record.typeName === "shape" ? [checked(shapeSchema, record, `${file}: records.${i}`)] : [],
  );
  const known = new Map(shapes.map((shape) => [shape.id, shape]));
  /** A shape, the group around it, and so on. */
  const line = (shape: Shape): Shape[] => {
    const chain = [shape];
    for (let parent = known.get(shape.parentId); parent; parent = known.get(parent.parentId)) {
      if (chain.length > DEEPEST)
        throw new UserError(`${file}: ${shape.id} is in more than ${DEEPEST} groups.`);
      chain.push(parent);
    }
    return chain;
  };
  const drawings = new Map<string, Stroke[]>();
  const left = new Map<string, number>();
  const above = (a: Shape, b: Shape) => (a.index < b.index ? -1 : a.index > b.index ? 1 : 0);
  // Groups by their own place, then what is in them.
  const ordered = shapes
    .map((shape) => ({ shape, chain: line(shape) }))
    .toSorted((a, b) => {
      const [one, other] = [a.chain.toReversed(), b.chain.toReversed()];
      const split = one.findIndex((shape, depth) => shape !== other[depth]);
      const [first, second] = [one[split], other[split]];
      return first === undefined || second === undefined ? one.length - other.length : above(first, second);
    });
  for (const { shape, chain } of ordered) {
    if (shape.type === "group") continue;
    const strokes = strokesOf(shape, `${file}: ${shape.id}`);
    if (strokes === undefined) {
      left.set(shape.type, (left.get(shape.type) ?? 0) + 1);
      continue;
    }
    const group = eachGroup ? (chain.at(-1)?.id ?? "") : "";
    const placed = strokes.map((stroke) => chain.reduce(moved, stroke));
    drawings.set(group, [...(drawings.get(group) ?? []), ...placed]);
  }
  if (drawings.size === 0) throw new UserError(`${file}: there are no lines to draw in it.`);
  return {
    sketches: [...drawings.values()].map((strokes): Sketch => ({ strokes })),
    notes: [...left].map(([type, count]) => `${count} of type ${type}, left out`),
  };
}

/** The strokes of a shape, in its own coordinates; undefined for one that is no lines. */
function strokesOf(shape: Shape, name: string): Stroke[] | undefined {
  if (shape.type === "draw") {
    const { segments, isClosed } = checked(drawSchema, shape, name).props;
    const points = segments.flatMap((segment) => segment.points);
    const [first] = points;
    return first === undefined ? [] : [strokeOf(isClosed ? [...points, first] : points)];
  }
  if (shape.type !== "line") return undefined;
  const points = Object.values(checked(lineSchema, shape, name).props.points);
  return [strokeOf(points.toSorted((a, b) => (a.index < b.index ? -1 : 1)))];
}

const strokeOf = (points: readonly z.output<typeof point>[]): Stroke => ({
  x: points.map(({ x }) => x),
  y: points.map(({ y }) => y),
});

/** From a shape's coordinates to those of what it is in. */
function moved({ x, y }: Stroke, { x: dx, y: dy, rotation }: Shape): Stroke {
  const [cos, sin] = [Math.cos(rotation), Math.sin(rotation)];
  return {
    x: x.map((px, i) => dx + px * cos - (y[i] ?? 0) * sin),
    y: x.map((px, i) => dy + px * sin + (y[i] ?? 0) * cos),
  };
}
