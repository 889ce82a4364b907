import { z } from "zod";
import { checked } from "../../base/check.ts";
import { UserError } from "../../base/errors.ts";
import type { Sketch, Stroke } from "../../sketch/sketch.ts";
import { flattened, subpathsOf } from "./flatten.ts";
import type { Imported, ImportOptions } from "./imported.ts";

const box = {
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
  angle: z.number().default(0),
};
const elementSchema = z.looseObject({
  type: z.string(),
  isDeleted: z.boolean().default(false),
  /** From the innermost to the outermost. */
  groupIds: z.array(z.string()).default([]),
});
const boxSchema = z.looseObject(box);
const lineSchema = z.looseObject({
  ...box,
  points: z.array(z.tuple([z.number(), z.number()], z.number())).min(1),
});
const schema = z.looseObject({ type: z.literal("excalidraw"), elements: z.array(elementSchema) });

const LINES = ["freedraw", "line", "arrow"];

/** The outline of a shape in its box. */
const SHAPES: Readonly<Record<string, (width: number, height: number) => string>> = {
  rectangle: (w, h) => `M0 0H${w}V${h}H0Z`,
  diamond: (w, h) => `M${w / 2} 0L${w} ${h / 2}L${w / 2} ${h}L0 ${h / 2}Z`,
  ellipse: (w, h) =>
    `M${w} ${h / 2}A${w / 2} ${h / 2} 0 0 1 0 ${h / 2}A${w / 2} ${h / 2} 0 0 1 ${w} ${h / 2}Z`,
};

/**
 * The drawings of an Excalidraw file: lines drawn by hand, lines, arrows without their heads, rectangles, diamonds, ellipses.
 * @throws UserError naming file and element for what cannot be read, or nothing to draw.
 */
export function readExcalidraw(
  value: unknown,
  file: string,
  { eachGroup, tolerance }: ImportOptions,
): Imported {
  const { elements } = checked(schema, value, file);
  const drawings = new Map<string, Stroke[]>();
  const left = new Map<string, number>();
  for (const [i, element] of elements.entries()) {
    if (element.isDeleted) continue;
    const name = `${file}: elements.${i}`;
    const strokes = strokesOf(element, name, tolerance);
    if (strokes === undefined) {
      left.set(element.type, (left.get(element.type) ?? 0) + 1);
      continue;
    }
    const group = eachGroup ? (element.groupIds.at(-1) ?? `${i}`) : "";
    drawings.set(group, [...(drawings.get(group) ?? []), ...strokes]);
  }
  if (drawings.size === 0) throw new UserError(`${file}: there are no lines to draw in it.`);
  return {
    sketches: [...drawings.values()].map((strokes): Sketch => ({ strokes })),
    notes: [...left].map(([type, count]) => `${count} of type ${type}, left out`),
  };
}

/** The strokes of an element; undefined for one that is no lines. */
function strokesOf(
  element: z.output<typeof elementSchema>,
  name: string,
  tolerance?: number,
): Stroke[] | undefined {
  if (LINES.includes(element.type)) {
    const { x, y, angle, points } = checked(lineSchema, element, name);
    const [xs, ys] = [points.map(([px]) => px), points.map(([, py]) => py)];
    // A line turns around the middle of its points.
    const middle = [
      (Math.min(...xs) + Math.max(...xs)) / 2,
      (Math.min(...ys) + Math.max(...ys)) / 2,
    ] as const;
    return [turned({ x: xs, y: ys }, middle, angle, [x, y])];
  }
  const shape = Object.hasOwn(SHAPES, element.type) ? SHAPES[element.type] : undefined;
  if (shape === undefined) return undefined;
  const { x, y, width, height, angle } = checked(boxSchema, element, name);
  const near = tolerance ?? (Math.max(Math.abs(width), Math.abs(height)) || 1) / 512;
  return subpathsOf(shape(width, height), [], name).map((subpath) =>
    turned(flattened(subpath, near), [width / 2, height / 2], angle, [x, y]),
  );
}

/** Turned clockwise by so many radians around a point, then moved. */
function turned(
  { x, y }: Stroke,
  [cx, cy]: readonly [number, number],
  angle: number,
  [dx, dy]: readonly [number, number],
): Stroke {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const moved = x.map((px, i) => {
    const [u, v] = [px - cx, (y[i] ?? 0) - cy];
    return [dx + cx + u * cos - v * sin, dy + cy + u * sin + v * cos] as const;
  });
  return { x: moved.map(([px]) => px), y: moved.map(([, py]) => py) };
}
