import { z } from "zod";
import type { Sketch, Stroke } from "./sketch.ts";

/** Far beyond any sheet, and so far below float32's largest number that sums and differences stay finite. */
const FARTHEST = 1e30;

interface Problem {
  readonly path: (string | number)[];
  readonly message: string;
}

/** What is wrong with the rows of a stroke, which are of the same length, at least so many numbers. */
function problemOf(stroke: unknown, least: number): Problem | undefined {
  if (typeof stroke !== "object" || stroke === null || Array.isArray(stroke))
    return { path: [], message: "expected a stroke, { x: [...], y: [...] }" };
  const rows: Readonly<Record<string, unknown>> = { ...stroke };
  const { x } = rows;
  if (!Array.isArray(x)) return { path: ["x"], message: "expected an array of numbers" };
  if (x.length < least) return { path: ["x"], message: "expected at least one number" };
  for (const name of rows.t === undefined ? ["x", "y"] : ["x", "y", "t"]) {
    const row = rows[name];
    if (!Array.isArray(row) || row.length !== x.length)
      return { path: [name], message: `expected an array of ${x.length} numbers, as many as in x` };
    const wrong = row.findIndex((value) => !(typeof value === "number" && Math.abs(value) <= FARTHEST));
    if (wrong >= 0)
      return { path: [name, wrong], message: `expected a number from ${-FARTHEST} to ${FARTHEST}` };
  }
  return undefined;
}

/** A stroke: rows of finite numbers. */
const strokeOf = (least: number) =>
  z.custom<Stroke>().check(({ value, issues }) => {
    const problem = problemOf(value, least);
    if (problem) issues.push({ code: "custom", input: value, ...problem });
  });

/** Strokes, each of at least one point. */
export const strokesSchema: z.ZodType<readonly Stroke[]> = z.array(strokeOf(1));

/** A drawing, with whatever keys beside those of a sketch; its strokes may be empty. */
export const sketchSchema: z.ZodType<Sketch> = z.custom<Sketch>().and(
  z.looseObject({
    strokes: z.array(strokeOf(0)),
    word: z.string().optional(),
    keyId: z.string().optional(),
  }),
);
