import type { Stroke } from "cizgi/web";

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
/** Of a pixel of 256: fine enough for every screen, coarse enough for two digits. */
const TENTHS = 10;
const MOST = DIGITS.length ** 2 - 1;
/** Strokes may leave the sheet by so many tenths. */
const SHIFT = 700;

const tenths = (value: number): number =>
  Math.min(Math.max(Math.round(value * TENTHS) + SHIFT, 0), MOST) - SHIFT;
const rounded = (value: number): number => tenths(value) / TENTHS;

/** Strokes as the text can say them: in tenths of a pixel. */
export const roundStrokes = (strokes: readonly Stroke[]): Stroke[] =>
  strokes.map(({ x, y }) => ({ x: x.map(rounded), y: y.map(rounded) }));

/** Of a point in a text. */
export const POINT_DIGITS = 4;

/** Strokes in the middle of a link: two digits a number, four a point, a dot between strokes. */
export function toText(strokes: readonly Stroke[]): string {
  const digits = (value: number) => {
    const whole = tenths(value) + SHIFT;
    return DIGITS.charAt(Math.floor(whole / DIGITS.length)) + DIGITS.charAt(whole % DIGITS.length);
  };
  const point = (x: number, y = 0) => digits(x) + digits(y);
  return strokes.map(({ x, y }) => x.map((value, i) => point(value, y[i])).join("")).join(".");
}

/** The strokes that a text says; none for a text that says nothing. */
export function fromText(text: string): Stroke[] {
  if (!/^([\w-]{4})+(\.([\w-]{4})+)*$/.test(text)) return [];
  return text.split(".").map((stroke) => {
    const numbers = (stroke.match(/../g) ?? []).map(
      ([high = "", low = ""]) =>
        (DIGITS.indexOf(high) * DIGITS.length + DIGITS.indexOf(low) - SHIFT) / TENTHS,
    );
    return {
      x: numbers.filter((_, i) => i % 2 === 0),
      y: numbers.filter((_, i) => i % 2 === 1),
    };
  });
}
