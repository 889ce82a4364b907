import { PNG } from "pngjs";

/** The pixels of a PNG file. */
export function decodePng(png: Uint8Array) {
  const { width, height, data } = PNG.sync.read(Buffer.from(png));
  /** The red channel, 0..255. */
  const red = (x: number, y: number): number => data[4 * (y * width + x)];
  return { width, height, data, red };
}

/** Pixels of a picture, row by row in red, green, blue and opacity, as a PNG file. */
export function encodePng(width: number, height: number, data: Uint8Array): Uint8Array {
  const png = new PNG({ width, height });
  png.data.set(data);
  return PNG.sync.write(png);
}

/** How many pixels of a PNG file are dark. */
export function darkPixels(png: Uint8Array): number {
  const { data } = decodePng(png);
  return data.filter((value, i) => i % 4 === 0 && value < 128).length;
}
