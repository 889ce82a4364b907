import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import pixelmatch from "pixelmatch";
import { expect } from "vitest";
import { decodePng } from "./pixels.ts";

/** Where a picture that was looked at lies; `npm run pictures:renew` makes all of them anew. */
export const reference = (file: string): string =>
  fileURLToPath(new URL(`pictures/${file}`, import.meta.url));

/** How many pixels of two pictures of one size an eye tells apart: by more than a tenth of black to white, edges aside. */
export function visiblyDifferent(a: Uint8Array, b: Uint8Array): number {
  const [one, other] = [decodePng(a), decodePng(b)];
  expect([other.width, other.height]).toEqual([one.width, one.height]);
  return pixelmatch(one.data, other.data, undefined, one.width, one.height, { threshold: 0.1 });
}

/** Expects a PNG to look like its reference. Without one it becomes the reference, as Vitest's files do; not in CI. */
export function expectToLookLike(png: Uint8Array, file: string): void {
  const path = reference(file);
  if (!existsSync(path) && process.env.CI === undefined) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, png);
  }
  expect(visiblyDifferent(png, readFileSync(path)), `pixels that differ from ${file}`).toBe(0);
}
