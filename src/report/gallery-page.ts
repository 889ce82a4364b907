import { decimal, escapeXml } from "../render/markup.ts";
import { penStrokes } from "../render/pen.ts";
import { MARGIN } from "../sketch/raster.ts";
import { fitInto, type Sketch } from "../sketch/sketch.ts";
import { htmlPage } from "./page.ts";

/** One category's drawings on show. */
export interface GalleryRow {
  readonly category: string;
  readonly sketches: readonly Sketch[];
}

const SIZE = 128;
const LINE = 2.25;

const STYLE = `
  .how { color: var(--muted); margin: 0; }
  .row { display: grid; gap: 0.6rem; grid-template-columns: repeat(auto-fill, minmax(7rem, 1fr)); }
  .row button { padding: 0; border: 0; border-radius: 10px; background: var(--paper); cursor: pointer; font: inherit; }
  .row button:focus-visible { outline: 3px solid var(--muted); }
  .row svg { display: block; width: 100%; height: auto; }
  path { fill: none; stroke: var(--ink); stroke-width: ${LINE}; stroke-linecap: round; stroke-linejoin: round; }
  @media (prefers-reduced-motion: no-preference) {
    .playing path { stroke-dasharray: 1 2; stroke-dashoffset: 1; opacity: 0; animation: pen var(--takes) linear var(--from) forwards; }
    @keyframes pen { from { stroke-dashoffset: 1; opacity: 1; } to { stroke-dashoffset: 0; opacity: 1; } }
  }
`;

/** A drawing is drawn again when it is clicked; all of them when the page is opened. */
const SCRIPT = `
  const play = (svg) => { svg.classList.remove("playing"); svg.getBoundingClientRect(); svg.classList.add("playing"); };
  for (const button of document.querySelectorAll(".row button"))
    button.addEventListener("click", () => play(button.firstElementChild));
`;

/** A drawing whose strokes appear one after the other, each at the pace of the pen. */
function replay(sketch: Sketch, title: string): string {
  const paths = penStrokes(fitInto(sketch, SIZE, SIZE * MARGIN), SIZE).map(
    ({ path, from, takes }) =>
      `<path pathLength="1" style="--from:${decimal(from)}s;--takes:${decimal(takes)}s" d="${path}"/>`,
  );
  const label = `aria-label="${escapeXml(title)}, draw it again"`;
  return `<button ${label}><svg viewBox="0 0 ${SIZE} ${SIZE}" class="playing" aria-hidden="true">${paths.join("")}</svg></button>`;
}

/** A gallery as one HTML file that needs no other, and works without its script but for drawing again. */
export const galleryPage = (rows: readonly GalleryRow[], title: string, subtitle: string): Promise<string> =>
  htmlPage(title, STYLE, [
    `<p class="how">${escapeXml(subtitle)}. Click a drawing to see it drawn again.</p>`,
    ...rows.flatMap(({ category, sketches }) => [
      `<h2>${escapeXml(category)}</h2>`,
      `<div class="row">${sketches.map((sketch) => replay(sketch, category)).join("\n")}</div>`,
    ]),
    `<script>${SCRIPT}</script>`,
  ]);
