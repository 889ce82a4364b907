import { Resvg } from "@resvg/resvg-js";

/** The pixels of a PNG file, decoded by showing it in a picture of the size its header states. */
export function decodePng(png: Uint8Array) {
  const header = new DataView(png.buffer, png.byteOffset);
  const width = header.getUint32(16);
  const height = header.getUint32(20);
  const href = `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
  const { pixels } = new Resvg(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><image href="${href}" width="${width}" height="${height}"/></svg>`,
    { font: { loadSystemFonts: false } },
  ).render();
  /** The red channel, 0..255. */
  const red = (x: number, y: number): number => pixels[4 * (y * width + x)];
  return { width, height, red };
}
