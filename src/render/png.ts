import { createRequire } from "node:module";
import { Resvg } from "@resvg/resvg-js";

/** The size of a PNG. */
export interface PngOptions {
  /** Pixels of the picture for one pixel of the SVG. */
  readonly scale?: number;
}

const { resolve } = createRequire(import.meta.url);

/** Figtree (SIL Open Font License) by weight: text looks the same on every machine, also on one without fonts. */
export const FONT_FILES: Readonly<Record<string, string>> = {
  400: resolve("@expo-google-fonts/figtree/400Regular/Figtree_400Regular.ttf"),
  600: resolve("@expo-google-fonts/figtree/600SemiBold/Figtree_600SemiBold.ttf"),
};

/** An SVG document as a PNG file: the same document gives the same bytes. */
export function toPng(svg: string, { scale = 2 }: PngOptions = {}): Uint8Array {
  const picture = new Resvg(svg, {
    fitTo: { mode: "zoom", value: scale },
    font: { loadSystemFonts: false, fontFiles: Object.values(FONT_FILES), defaultFontFamily: "Figtree" },
  });
  return picture.render().asPng();
}
