import { z } from "zod";
import { UsageError } from "../base/errors.ts";
import { finiteNumber } from "../base/numbers.ts";

/** A length on paper, such as 100mm. */
export type Millimetres = `${number}mm`;

/** A length that something has. */
export const lengthKey = z.number("expected a number above 0").positive("expected a number above 0");

const isMillimetres = (value: unknown): boolean =>
  typeof value === "string" && /^\d*\.?\d+mm$/.test(value) && Number.parseFloat(value) > 0;

/** A length on paper. */
export const millimetres = z.custom<Millimetres>(isMillimetres, 'expected a length such as "100mm"');

/** What pictures of one drawing may be told. */
export const pictureKeys = {
  margin: finiteNumber(0).optional(),
  lineWidth: lengthKey.optional(),
};

/** @param name the function that was asked. @throws UsageError for a margin that leaves no room for the drawing. */
export function checkMargin(name: string, margin: number, size: number): void {
  if (2 * margin >= size)
    throw new UsageError(`${name}: margin: expected less than half of size ${size}, found ${margin}`);
}
