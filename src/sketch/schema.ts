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

/** What is wrong with strokes. */
function problemOfStrokes(strokes: unknown, least: number): Problem | undefined {
  if (!Array.isArray(strokes)) return { path: [], message: "expected an array of strokes" };
  for (const [place, stroke] of strokes.entries()) {
    const problem = problemOf(stroke, least);
    if (problem) return { ...problem, path: [place, ...problem.path] };
  }
  return undefined;
}

/** What is wrong with a drawing, whatever keys it has beside those of a sketch; its strokes may be empty. */
function problemOfSketch(sketch: unknown): Problem | undefined {
  if (typeof sketch !== "object" || sketch === null || Array.isArray(sketch))
    return { path: [], message: "expected a drawing, { strokes: [...] }" };
  const { strokes, ...words }: Readonly<Record<string, unknown>> = { ...sketch };
  const problem = problemOfStrokes(strokes, 0);
  if (problem) return { ...problem, path: ["strokes", ...problem.path] };
  const wrong = ["word", "keyId"].find((key) => words[key] !== undefined && typeof words[key] !== "string");
  return wrong === undefined ? undefined : { path: [wrong], message: "expected a string" };
}

const without = <T>(problemIn: (value: unknown) => Problem | undefined): z.ZodType<T> =>
  z.custom<T>().check(({ value, issues }) => {
    const problem = problemIn(value);
    if (problem) issues.push({ code: "custom", input: value, ...problem });
  });

/** Strokes, each of at least one point. */
export const strokesSchema = without<readonly Stroke[]>((strokes) => problemOfStrokes(strokes, 1));

/** A drawing. By hand, since there are many: the rows of each are walked through once. */
export const sketchSchema = without<Sketch>(problemOfSketch);
