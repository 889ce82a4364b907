import { join } from "node:path";
import { ensureWritableFolder, writeFileAtomically } from "../files/atomic.ts";
import { fileName } from "../files/name.ts";
import { replayGif } from "../render/gif.ts";
import { gridSvg } from "../render/grid.ts";
import { type GalleryRow, galleryPage } from "./gallery-page.ts";
import { writePicture } from "./write.ts";

const TITLE = "Drawn by cizgi";
const CELL = 96;
const GIF_SIZE = 320;

/**
 * Writes a gallery: `gallery.svg` and `.png`, a GIF of each category's first drawing being drawn, and `index.html`, which
 * replays all of them.
 * @param subtitle how the drawings were made.
 */
export async function writeGallery(
  folder: string,
  rows: readonly GalleryRow[],
  subtitle: string,
): Promise<void> {
  await ensureWritableFolder(folder);
  const labelled = rows.map(({ category, sketches }) => ({ label: category, sketches }));
  await writePicture(join(folder, "gallery"), gridSvg(labelled, { title: TITLE, subtitle, cell: CELL }));
  await writeFileAtomically(join(folder, "index.html"), await galleryPage(rows, TITLE, subtitle));
  for (const { category, sketches } of rows) {
    const [first] = sketches;
    if (first === undefined) continue;
    await writeFileAtomically(join(folder, fileName(category, ".gif")), replayGif(first, { size: GIF_SIZE }));
  }
}
