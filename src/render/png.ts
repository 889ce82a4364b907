import { createRequire } from "node:module";
import { Resvg } from "@resvg/resvg-js";
import { z } from "zod";
import { checked, type KeysOf } from "../base/check.ts";
import { messageOf, UserError } from "../base/errors.ts";
import { lengthKey } from "./options.ts";

/** The size of a PNG. */
export interface PngOptions {
  /** Pixels of the picture for one pixel of the SVG. */
  readonly scale?: number;
}

const schema = z.strictObject({ scale: lengthKey.max(1000).optional() } satisfies KeysOf<PngOptions>);

const { resolve } = createRequire(import.meta.url);

/** Figtree (SIL Open Font License) by weight: text looks the same on every machine, also on one without fonts. */
export const FONT_FILES: Readonly<Record<string, string>> = {
  400: resolve("@expo-google-fonts/figtree/400Regular/Figtree_400Regular.ttf"),
  600: resolve("@expo-google-fonts/figtree/600SemiBold/Figtree_600SemiBold.ttf"),
};

/**
 * An SVG document as a PNG file: the same document gives the same bytes.
 * @throws UserError for what is no SVG, or none that can be drawn at this scale.
 */
export function toPng(svg: string, options: PngOptions = {}): Uint8Array {
  checked(schema, options, "toPng");
  try {
    return drawn(svg, options);
  } catch (error) {
    throw new UserError(`toPng: the SVG cannot be drawn: ${messageOf(error).trim()}`, { cause: error });
  }
}

function drawn(svg: string, { scale = 2 }: PngOptions): Uint8Array {
  const picture = new Resvg(svg, {
    fitTo: { mode: "zoom", value: scale },
    font: { loadSystemFonts: false, fontFiles: Object.values(FONT_FILES), defaultFontFamily: "Figtree" },
  });
  return picture.render().asPng();
}
