/** A number with at most two decimals, as short as it can be written in SVG. */
export const decimal = (value: number): string =>
  String(Math.round(value * 100) / 100).replace(/^(-?)0\./, "$1.");

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Any text as XML 1.0 character data or attribute value; characters that XML cannot hold are dropped. */
export const escapeXml = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
