import { UserError } from "../base/errors.ts";
import { plainName } from "../data/catalogue.ts";
import { describeReport, type ReadReport } from "../data/read/report.ts";
import {
  openSource,
  type Progress as ReadProgress,
  resolveSource,
  type Source,
  type Wanted,
} from "../data/source.ts";
import type { Progress, Reporter } from "./reporter.ts";

/** Where the drawings of a run come from that a program gave them to. */
export const GIVEN = "given by a program";

/** The source at an address; without one, the best that there is for what is wanted, and why is said. */
export async function chooseSource(
  address: string,
  wanted: Wanted,
  { note, progress }: Reporter,
  signal?: AbortSignal,
): Promise<Source> {
  if (address === GIVEN)
    throw new UserError(
      "the run was trained on drawings that a program gave it: go on with it there, or say where such drawings are (--data, --real).",
    );
  let bar: Progress | undefined;
  const options = {
    signal,
    onNotice: note,
    onProgress({ bytes, totalBytes = 0 }: ReadProgress) {
      bar ??= progress("look through", undefined, "MB");
      bar.update(Math.round(bytes / 1e6), "", Math.ceil(totalBytes / 1e6));
    },
  };
  try {
    if (address !== "") return await openSource(address, process.env, options);
    const { source, why } = await resolveSource(wanted, process.env, options);
    note(why);
    return source;
  } finally {
    bar?.finish();
  }
}

/** Says what could not be read of a category, and what was read in another way than one would expect, if anything. */
export function noteSkips(category: string, report: ReadReport, { note }: Pick<Reporter, "note">): void {
  if (report.skips.size + report.notes.size > 0) note(`${category}: ${describeReport(report)}`);
}

/** Whether all that a source has is asked for. */
export const isAll = (categories: readonly string[]): boolean =>
  categories.length === 1 && categories.every((name) => plainName(name) === "all");

/**
 * A source's own names of categories, however they are spelled, and of all it has for "all"; throws a UserError for one
 * that it has not.
 */
export async function namesIn(source: Source, categories: readonly string[]): Promise<string[]> {
  if (isAll(categories)) return [...(await source.categories())];
  return Promise.all(categories.map((category) => source.find(category)));
}
