import { escapeXml } from "./markup.ts";

/** Mean advance of a letter in font sizes, on the safe side for Figtree's regular and semi-bold. */
const LETTER = 0.52;

/** About how wide a text is, in pixels: enough to leave room for it. */
export const textWidth = (text: string, fontSize: number): number => [...text].length * LETTER * fontSize;

/** The text, or as much of its beginning as fits into `width` pixels and an ellipsis. */
export function shorten(text: string, fontSize: number, width: number): string {
  const letters = [...text];
  const room = Math.floor(width / (LETTER * fontSize));
  return letters.length <= room
    ? text
    : `${letters
        .slice(0, Math.max(0, room - 1))
        .join("")
        .trimEnd()}…`;
}

/** An SVG text element; `attributes` such as `x="4"` come as they are to be written. */
export const textElement = (text: string, attributes: string): string =>
  `<text ${attributes}>${escapeXml(text)}</text>`;
