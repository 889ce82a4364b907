import { readFile } from "node:fs/promises";
import { escapeXml } from "../render/markup.ts";
import { FONT_FILES } from "../render/png.ts";
import { FONT, GRID_LINE, INK, MUTED, PAGE, PAPER } from "../render/theme.ts";

/** What each colour of the pictures becomes on a dark page. */
export const DARK: Readonly<Record<string, string>> = {
  [INK]: "#e8e9ec",
  [MUTED]: "#9ba2ae",
  [PAPER]: "#1f232b",
  [PAGE]: "#14171c",
  [GRID_LINE]: "#353a44",
};

/** What every page shares: the pictures' colours as variables, light and dark, and their font. */
const STYLE = `
  :root { color-scheme: light dark; --ink: ${INK}; --muted: ${MUTED}; --paper: ${PAPER}; --page: ${PAGE}; --line: ${GRID_LINE}; }
  @media (prefers-color-scheme: dark) {
    :root { --ink: ${DARK[INK]}; --muted: ${DARK[MUTED]}; --paper: ${DARK[PAPER]}; --page: ${DARK[PAGE]}; --line: ${DARK[GRID_LINE]}; }
  }
  body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 ${FONT}; }
  main { max-width: 72rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
  h1 { font-weight: 600; font-size: 1.75rem; line-height: 1.2; margin: 0 0 0.75rem; }
  h2 { font-weight: 600; font-size: 1.25rem; margin: 2.5rem 0 0.75rem; }
`;

/** The font of the pictures, within the page. */
async function fontFaces(): Promise<string> {
  const faces = Object.entries(FONT_FILES).map(async ([weight, path]) => {
    const font = (await readFile(path)).toString("base64");
    return `@font-face { font-family: Figtree; font-weight: ${weight}; src: url(data:font/ttf;base64,${font}); }`;
  });
  return (await Promise.all(faces)).join("\n");
}

/** One HTML file that needs no other. */
export async function htmlPage(title: string, style: string, content: readonly string[]): Promise<string> {
  return [
    "<!DOCTYPE html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8"/>',
    '<meta name="viewport" content="width=device-width, initial-scale=1"/>',
    `<title>${escapeXml(title)}</title>`,
    `<style>${STYLE}${style}${await fontFaces()}</style>`,
    "</head>",
    "<body>",
    "<main>",
    `<h1>${escapeXml(title)}</h1>`,
    ...content,
    "</main>",
    "</body>",
    "</html>",
    "",
  ].join("\n");
}
