import { z } from "zod";
import type { KeysOf } from "../base/check.ts";
import { wholeNumber } from "../base/numbers.ts";
import { sketchSchema } from "../sketch/schema.ts";
import { type InterpolateRequest, type InterpolationEnd, MOST_DRAWINGS, seedKey } from "./request.ts";

const givenEnd = z.strictObject({ category: z.string(), sketch: sketchSchema });
const drawnEnd = z.strictObject({
  category: z.string(),
  seed: seedKey,
  index: wholeNumber(0, MOST_DRAWINGS - 1).optional(),
});
const isGiven = (end: unknown): boolean => typeof end === "object" && end !== null && "sketch" in end;

/** An end by the schema of its kind, so that errors speak of its own keys. */
const endSchema = z.custom<InterpolationEnd>().check(({ value, issues }) => {
  const { error } = (isGiven(value) ? givenEnd : drawnEnd).safeParse(value);
  for (const { path, message } of error?.issues ?? [])
    issues.push({ code: "custom", path, message, input: value });
});

/** What a request of drawings between two says of these. */
export const interpolationKeys = {
  from: endSchema,
  to: endSchema,
  count: wholeNumber(2, MOST_DRAWINGS),
} satisfies KeysOf<Pick<InterpolateRequest, "from" | "to" | "count">>;
