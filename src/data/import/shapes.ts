import { UserError } from "../../base/errors.ts";
import type { XmlElement } from "./xml.ts";

/** CSS pixels of a unit (CSS Values and Units, 5.2). */
const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  px: 1,
  pt: 96 / 72,
  pc: 16,
  in: 96,
  cm: 96 / 2.54,
  mm: 96 / 25.4,
};

/**
 * A length in pixels; undefined where it is not given, or left to the program ("auto").
 * @throws UserError naming the element and its attribute for what is no length.
 */
export function lengthOf({ name, attributes }: XmlElement, key: string, place: string): number | undefined {
  const text = attributes[key]?.trim();
  if (text === undefined || text === "" || text === "auto") return undefined;
  const [, number = "", unit = ""] = /^([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)([a-z]*)$/i.exec(text) ?? [];
  const pixels = UNITS[unit.toLowerCase()];
  if (number === "" || pixels === undefined)
    throw new UserError(
      `${place}: <${name}> has ${key}="${text}", expected a number, or one with px, pt, pc, in, cm or mm.`,
    );
  return Number(number) * pixels;
}

/** Numbers between blanks and commas; undefined where something else is among them. */
export function numbersIn(text: string): number[] | undefined {
  const numbers = text.match(/[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi) ?? [];
  const rest = text.replace(/[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi, "").replace(/[\s,]/g, "");
  return rest === "" ? numbers.map(Number) : undefined;
}

/** The outline of each kind of shape as the data of a path (SVG 2, 10); "" for one without extent, which is not drawn. */
const OUTLINES: Readonly<Record<string, (element: XmlElement, place: string) => string>> = {
  path: ({ attributes }) => attributes.d ?? "",
  line(element, place) {
    const [x1, y1, x2, y2] = ["x1", "y1", "x2", "y2"].map((key) => lengthOf(element, key, place) ?? 0);
    return `M${x1} ${y1}L${x2} ${y2}`;
  },
  polyline: (element, place) => polygonal(element, place),
  polygon(element, place) {
    const data = polygonal(element, place);
    return data && `${data}Z`;
  },
  rect(element, place) {
    const [x = 0, y = 0, width = 0, height = 0, rx, ry] = ["x", "y", "width", "height", "rx", "ry"].map(
      (key) => lengthOf(element, key, place),
    );
    if (width <= 0 || height <= 0) return "";
    const a = Math.min(rx ?? ry ?? 0, width / 2);
    const b = Math.min(ry ?? rx ?? 0, height / 2);
    if (a <= 0 || b <= 0) return `M${x} ${y}h${width}v${height}h${-width}Z`;
    const corner = (dx: number, dy: number) => `a${a} ${b} 0 0 1 ${dx} ${dy}`;
    const [across, down] = [width - 2 * a, height - 2 * b];
    return `M${x + a} ${y}h${across}${corner(a, b)}v${down}${corner(-a, b)}h${-across}${corner(-a, -b)}v${-down}${corner(a, -b)}Z`;
  },
  circle(element, place) {
    const r = lengthOf(element, "r", place) ?? 0;
    return ellipse(element, place, r, r);
  },
  ellipse(element, place) {
    const [rx, ry] = ["rx", "ry"].map((key) => lengthOf(element, key, place));
    return ellipse(element, place, rx ?? ry ?? 0, ry ?? rx ?? 0);
  },
};

/** The data of a shape's path; undefined for an element that is no shape. */
export const outlineOf = (element: XmlElement, place: string): string | undefined =>
  Object.hasOwn(OUTLINES, element.name) ? OUTLINES[element.name]?.(element, place) : undefined;

function polygonal({ name, attributes }: XmlElement, place: string): string {
  const { points = "" } = attributes;
  const numbers = numbersIn(points);
  if (numbers === undefined || numbers.length % 2 !== 0)
    throw new UserError(
      `${place}: <${name}> has points="${points.slice(0, 60)}", expected pairs of numbers.`,
    );
  return numbers.length < 4 ? "" : `M${numbers.join(" ")}`;
}

/** Clockwise from the right, as SVG draws it. */
function ellipse(element: XmlElement, place: string, rx: number, ry: number): string {
  if (rx <= 0 || ry <= 0) return "";
  const [cx = 0, cy = 0] = ["cx", "cy"].map((key) => lengthOf(element, key, place));
  const half = (dx: number) => `a${rx} ${ry} 0 0 1 ${dx} 0`;
  return `M${cx + rx} ${cy}${half(-2 * rx)}${half(2 * rx)}Z`;
}
