import type { z } from "zod";

/** What a script was called with, after its schema; where that does not fit it says how it is called, and ends. */
export function scriptArguments<T>(schema: z.ZodType<T>, usage: string): T {
  const { success, data } = schema.safeParse(process.argv.slice(2));
  if (success) return data;
  process.stderr.write(`usage: npx tsx src/bench/scripts/${usage}\n`);
  process.exit(2);
}

/** PATH or PATH@NUMBER. */
export function pathAndNumber(text: string): { readonly path: string; readonly number?: number } {
  const place = text.lastIndexOf("@");
  return place < 0 ? { path: text } : { path: text.slice(0, place), number: Number(text.slice(place + 1)) };
}
