import type { Sketch } from "../../sketch/sketch.ts";

/** A drawing and its place in the data. */
export interface ReadDrawing {
  readonly sketch: Sketch;
  /** Its line in an ndjson file, or its place among the drawings of any other source, from 0. */
  readonly line: number;
  /** The part of the set that its publishers put it in, where they did: "train", "valid" or "test". */
  readonly part?: string;
}
