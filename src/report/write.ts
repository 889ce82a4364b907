import { writeFileAtomically } from "../files/atomic.ts";
import { toPng } from "../render/png.ts";

/** Writes an SVG and, beside it, the same picture as PNG; `path` is without ending. */
export async function writePicture(path: string, svg: string): Promise<void> {
  await writeFileAtomically(`${path}.svg`, svg);
  await writeFileAtomically(`${path}.png`, toPng(svg));
}

/** Writes a value as JSON for people and programs. */
export const writeJson = (path: string, value: unknown): Promise<void> =>
  writeFileAtomically(path, `${JSON.stringify(value, undefined, 2)}\n`);
