import { UserError } from "../base/errors.ts";
import type {
  CompleteRequest,
  DrawRequest,
  GeneratedSketch,
  InterpolateRequest,
  ReconstructRequest,
  VaryRequest,
} from "./request.ts";

/**
 * A model that is ready to draw, as often as it is asked to; one request at a time. A method that is missing is something
 * that its family cannot do.
 */
export interface Session {
  /** Yields drawings of 256 x 256 in the order of their index. Throws a UserError for a category it never learnt. */
  sample(request: DrawRequest): AsyncGenerator<GeneratedSketch>;
  /** Yields drawings like one that is given. */
  vary?(request: VaryRequest): AsyncGenerator<GeneratedSketch>;
  /** Yields drawings that begin with given strokes. */
  complete?(request: CompleteRequest): AsyncGenerator<GeneratedSketch>;
  /** Yields drawings from one to another. */
  interpolate?(request: InterpolateRequest): AsyncGenerator<GeneratedSketch>;
  /** Yields what is drawn of the code of a drawing. */
  reconstruct?(request: ReconstructRequest): AsyncGenerator<GeneratedSketch>;
  /** Gives the compiled network's memory back. */
  dispose(): Promise<void>;
}

/** A method that a session may lack; throws a UserError where it does. */
export function able<Name extends "vary" | "complete" | "interpolate" | "reconstruct">(
  session: Session,
  name: Name,
): NonNullable<Session[Name]> {
  const method = session[name];
  if (method === undefined)
    throw new UserError(`models of this family cannot ${name} drawings.`, { code: "not-able" });
  return method;
}
