import { UserError } from "../../base/errors.ts";
import { howToRaise, limitOf } from "../limits.ts";

/** Why a line or an entry is no drawing. */
export type SkipReason =
  | "blank line"
  | "cut off last line"
  | "broken JSON"
  | "nested too deeply"
  | "no drawing"
  | "empty drawing"
  | "malformed stroke"
  | "coordinates of different length"
  | "not a number"
  | "too many points"
  | "coordinates out of range"
  | "copy of a drawing in another file";

/** Why something could not be read as a drawing, and what was found there. */
export interface Problem {
  readonly reason: SkipReason;
  readonly found: string;
}

/** A place that could not be read as a drawing. */
export interface SkipExample {
  /** From 0. */
  readonly line: number;
  readonly found: string;
}

/** What became of the lines or entries of a file; lines = read + the sum of all skips. */
export interface ReadReport {
  lines: number;
  read: number;
  /** How the file was read where that is not what one would expect, in plain words. */
  readonly notes: Set<string>;
  readonly skips: Map<SkipReason, { count: number; readonly examples: SkipExample[] }>;
}

const EXAMPLES = 3;
const LONGEST_EXAMPLE = 120;

/** A report to count in, of nothing read yet. */
export const newReadReport = (): ReadReport => ({
  lines: 0,
  read: 0,
  notes: new Set(),
  skips: new Map(),
});

/** More of a file is no drawing than anyone can have meant. */
export class TooManySkips extends UserError {}

/**
 * Counts the line at hand as skipped and keeps it as an example while there are few.
 * @throws TooManySkips
 */
export function countSkip(report: ReadReport, line: number, { reason, found }: Problem): void {
  const skip = report.skips.get(reason) ?? { count: 0, examples: [] };
  skip.count++;
  if (skip.examples.length < EXAMPLES) {
    const onOneLine = found.slice(0, LONGEST_EXAMPLE).replace(/\s+/g, " ");
    skip.examples.push({ line, found: onOneLine });
  }
  report.skips.set(reason, skip);
  if (report.lines - report.read > limitOf("skips"))
    throw new TooManySkips(
      `more than ${limitOf("skips")} lines are no drawings (the last one: ${reason}); check that it is the right file; ${howToRaise("skips")}`,
    );
}

/** Takes back that the drawing at hand was read, and counts it as skipped. */
export function countUnusable(report: ReadReport, line: number, problem: Problem): void {
  report.read--;
  countSkip(report, line, problem);
}

/** Adds what was noted and skipped of one of several files that are read as one. */
export function addReport(report: ReadReport, file: string, { notes, skips }: ReadReport): void {
  for (const note of notes) report.notes.add(`${file}: ${note}`);
  for (const [reason, { count, examples }] of skips) {
    const sum = report.skips.get(reason) ?? { count: 0, examples: [] };
    sum.count += count;
    for (const { line, found } of examples.slice(0, EXAMPLES - sum.examples.length))
      sum.examples.push({ line, found: `in ${file}, ${found}` });
    report.skips.set(reason, sum);
    report.lines += count;
  }
}

/** The report as text; places count from 1, as editors do. */
export function describeReport({ lines, read, notes, skips }: ReadReport): string {
  const reasons = [...skips].map(([reason, { count, examples }]) => {
    const places = examples.map(({ line, found }) => `${line + 1}: ${found}`);
    return `\n  ${reason}: ${count} (${places.join("; ")}${count > examples.length ? "; ..." : ""})`;
  });
  const told = [...notes].map((note) => `; ${note}`);
  return `${read} of ${lines} read, ${lines - read} skipped${told.join("")}${reasons.join("")}`;
}

/** To be called at the end of a file. @throws UserError when not a single drawing could be read from it. */
export function refuseNothing(report: ReadReport, name: string): void {
  if (report.lines === 0) throw new UserError(`${name} is empty: expected drawings; download it again.`);
  if (report.read === 0)
    throw new UserError(`${name} holds no drawing that could be read: ${describeReport(report)}`);
}
