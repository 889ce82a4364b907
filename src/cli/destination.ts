import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { at } from "../base/at.ts";
import { toNdjson } from "../families/ndjson.ts";
import type { GeneratedSketch } from "../families/request.ts";
import { ensureWritableFolder, openAside, writeFileAtomically } from "../files/atomic.ts";
import { fileName } from "../files/name.ts";
import { replayGif } from "../render/gif.ts";
import { gridSvg, inColumns } from "../render/grid.ts";
import type { Millimetres } from "../render/options.ts";
import { toPng } from "../render/png.ts";
import { toSvg } from "../render/svg.ts";
import { writeToStdout } from "./standard-streams.ts";

export const formats = ["png", "svg", "gif", "ndjson"] as const;
export type Format = (typeof formats)[number];

/** How drawings are written. */
export interface Look {
  readonly format: Format;
  /** Of SVG: "none" is strokes alone, as plotters want them. */
  readonly paper?: "none" | undefined;
  /** Of SVG, on paper: the longer side. */
  readonly size?: Millimetres | undefined;
  /** Of an SVG of one drawing: its strokes are drawn one after the other. */
  readonly animated?: boolean | undefined;
}

/** Where drawings go as they come, in the order of their index. */
export interface Destination {
  take(sketch: GeneratedSketch): Promise<void>;
  /** All are there. */
  finish(): Promise<void>;
  /** No more will come: gives where those lie that came, or undefined where nothing is left of them. */
  stop(): Promise<string | undefined>;
}

const STDOUT = "-";

/**
 * Opens where drawings go, so that what cannot be written is refused before anything is drawn.
 * @param out a file, a folder with `folder`, or - for stdout.
 * @throws UserError naming what cannot be written.
 */
export async function openDestination(out: string, folder: boolean, look: Look): Promise<Destination> {
  if (folder) return openFolder(out, look);
  return look.format === "ndjson" ? openLines(out) : openPicture(out, look);
}

/** One file a drawing. */
async function openFolder(out: string, look: Look): Promise<Destination> {
  await ensureWritableFolder(out);
  let taken = 0;
  return {
    async take(sketch) {
      const name = fileName(sketch.word ?? "", `-${sketch.seed}-${sketch.index}.${look.format}`);
      await writeFileAtomically(join(out, name), encode([sketch], look));
      taken++;
    },
    finish: async () => {},
    stop: async () => (taken > 0 ? out : undefined),
  };
}

/** A line a drawing. */
async function openLines(out: string): Promise<Destination> {
  if (out === STDOUT)
    return {
      take: (sketch) => writeToStdout(toNdjson(sketch)),
      finish: async () => {},
      stop: async () => "stdout",
    };
  const file = await openFile(out);
  return { take: (sketch) => file.append(toNdjson(sketch)), finish: file.finish, stop: file.keep };
}

/** One picture of all drawings, which is none before it has them all. */
async function openPicture(out: string, look: Look): Promise<Destination> {
  const sketches: GeneratedSketch[] = [];
  const take = async (sketch: GeneratedSketch) => void sketches.push(sketch);
  if (out === STDOUT)
    return { take, finish: () => writeToStdout(encode(sketches, look)), stop: async () => undefined };
  const file = await openFile(out);
  return {
    take,
    async finish() {
      try {
        await file.append(encode(sketches, look));
        await file.finish();
      } catch (error) {
        await file.discard();
        throw error;
      }
    },
    async stop() {
      await file.discard();
      return undefined;
    },
  };
}

/** The folder of a device or of a pipe need not be written to, only that of a file. */
async function openFile(out: string) {
  const existing = await stat(out).catch(() => undefined);
  if (existing === undefined) await ensureWritableFolder(dirname(out));
  return openAside(out);
}

function encode(
  drawn: readonly GeneratedSketch[],
  { format, paper, size, animated }: Look,
): Uint8Array | string {
  if (format === "ndjson") return drawn.map(toNdjson).join("");
  const first = at(drawn, 0);
  if (format === "gif") return replayGif(first);
  const title = paper === "none" ? "" : (first.word ?? "");
  const columns = Math.ceil(Math.sqrt(drawn.length));
  const svg =
    drawn.length === 1
      ? toSvg(first, { title, paper, size, animated })
      : gridSvg(inColumns(drawn, columns), { title, paper, size });
  return format === "svg" ? svg : toPng(svg);
}
