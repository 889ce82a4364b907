import type { Sketch } from "../../sketch/sketch.ts";

/** How drawings are made of a file. */
export interface ImportOptions {
  /** Every group at the top is a drawing of its own, not all of them together one. */
  readonly eachGroup?: boolean | undefined;
  /** How far lines may lie from the curves that they stand for, in the drawing's own unit; 1/512 of its longer side unless given. */
  readonly tolerance?: number | undefined;
}

/** The drawings of a file. */
export interface Imported {
  readonly sketches: readonly Sketch[];
  /** What of it was left out, in words. */
  readonly notes: readonly string[];
}
