import { UserError } from "../../base/errors.ts";
import type { Sketch } from "../../sketch/sketch.ts";
import { flattened, type Subpath, subpathsOf } from "./flatten.ts";
import type { Imported, ImportOptions } from "./imported.ts";
import { lengthOf, numbersIn, outlineOf } from "./shapes.ts";
import { type Look, lookOf, rulesOf } from "./svg-style.ts";
import type { XmlElement } from "./xml.ts";

/** Elements that only hold what others show. */
const UNSEEN = [
  "defs",
  "symbol",
  "clipPath",
  "mask",
  "pattern",
  "marker",
  "metadata",
  "title",
  "desc",
  "style",
  "script",
];
const HOLDERS = ["svg", "g", "a", "switch"];

/** Uses of uses, at most. */
const MOST_USES = 10_000;

/** A line that is to be seen. */
interface Line {
  readonly subpath: Subpath;
  readonly isStroked: boolean;
}

interface Context {
  readonly look: Look;
  /** What applies to the element, the innermost first. */
  readonly transforms: readonly string[];
  /** Elements that are being used, so that none uses itself. */
  readonly using: readonly XmlElement[];
}

/**
 * The drawings of an SVG: its lines in their order and direction, curves as lines. Where anything has a stroke, what is only
 * filled is left out.
 * @throws UserError naming file, line and element for what cannot be read, or nothing to draw.
 */
export function readSvg(
  root: XmlElement,
  file: string,
  { eachGroup = false, tolerance }: ImportOptions,
): Imported {
  const elements = [...walk(root)];
  const rules = rulesOf(
    elements
      .filter(({ name }) => name === "style")
      .map(({ text }) => text)
      .join("\n"),
  );
  const named = new Map(elements.map((element) => [`#${element.attributes.id}`, element]));
  const left = new Map<string, number>();
  let uses = 0;

  function* linesOf(
    element: XmlElement,
    { look: inherited, transforms: outer, using }: Context,
  ): Generator<Line> {
    const { name, attributes, children, line } = element;
    const place = `${file}:${line}`;
    const look = lookOf(element, rules, inherited);
    if (UNSEEN.includes(name) || look.display === "none") return;
    const own = attributes.transform === undefined ? [] : [transformOf(attributes.transform, place)];
    const transforms = [...own, ...outer];
    const inside = (more: readonly string[]) => ({ look, transforms: [...more, ...transforms], using });
    const data = outlineOf(element, place);
    if (data !== undefined) {
      if (look.visibility === "hidden" || look.visibility === "collapse") return;
      const isStroked = (look.stroke ?? "none") !== "none";
      if (!isStroked && look.fill === "none") return;
      for (const subpath of subpathsOf(data, transforms, `${place}: <${name}>`)) yield { subpath, isStroked };
    } else if (name === "use") {
      const href = attributes.href ?? attributes["xlink:href"] ?? "";
      const used = named.get(href);
      if (used === undefined)
        throw new UserError(
          `${place}: <use> shows "${href}", expected "#" and the id of an element of this file.`,
        );
      if (using.includes(used)) throw new UserError(`${place}: <use> shows itself by "${href}".`);
      if (++uses > MOST_USES)
        throw new UserError(`${place}: more than ${MOST_USES} elements are shown by <use>.`);
      const [x = 0, y = 0] = ["x", "y"].map((key) => lengthOf(element, key, place));
      const context = { ...inside([`translate(${x} ${y})`]), using: [...using, used] };
      // A symbol is seen only where it is used.
      if (used.name === "symbol") for (const child of used.children) yield* linesOf(child, context);
      else yield* linesOf(used, context);
    } else if (HOLDERS.includes(name)) {
      const context = inside(element !== root && name === "svg" ? [viewOf(element, place)] : []);
      for (const child of children) yield* linesOf(child, context);
    } else left.set(name, (left.get(name) ?? 0) + 1);
  }

  const top: Context = { look: {}, transforms: [], using: [] };
  const groups = eachGroup ? root.children.filter(({ name }) => name === "g") : [root];
  if (groups.length === 0)
    throw new UserError(
      `${file}: there is no group at the top, each of which would be a drawing; import it without them.`,
    );
  const context = eachGroup ? { ...top, look: lookOf(root, rules, {}) } : top;
  const drawings = groups.map((group) => [...linesOf(group, context)]).filter((lines) => lines.length > 0);
  const all = drawings.flat();
  if (all.length === 0) throw new UserError(`${file}: there are no lines to draw in it${inWords(left)}.`);
  const filled = all.filter(({ isStroked }) => !isStroked).length;
  const onlyFilled = filled === all.length;
  const sketches = drawings.flatMap((lines): Sketch[] => {
    const seen = lines.filter(({ isStroked }) => isStroked || onlyFilled).map(({ subpath }) => subpath);
    const near = tolerance ?? extentOf(seen) / 512;
    return seen.length === 0 ? [] : [{ strokes: seen.map((subpath) => flattened(subpath, near)) }];
  });
  const notes = [
    ...(filled === 0
      ? []
      : [
          onlyFilled
            ? "nothing has a stroke: the outlines of what is filled were taken"
            : `${filled} filled without a stroke, left out`,
        ]),
    ...[...left].map(([name, count]) => `${count} <${name}>, left out`),
  ];
  return { sketches, notes };
}

function* walk(element: XmlElement): Generator<XmlElement> {
  yield element;
  for (const child of element.children) yield* walk(child);
}

const inWords = (left: ReadonlyMap<string, number>): string =>
  left.size === 0
    ? ""
    : `; ${[...left].map(([name, count]) => `${count} <${name}>`).join(", ")} cannot be drawn as lines`;

const TRANSFORMS: Readonly<Record<string, readonly number[]>> = {
  matrix: [6],
  translate: [1, 2],
  scale: [1, 2],
  rotate: [1, 3],
  skewX: [1],
  skewY: [1],
};

/** A checked transform attribute: what reads it later passes over what it does not know. */
function transformOf(text: string, place: string): string {
  for (const [whole, name = "", list = ""] of text.matchAll(/([^\s,()]+)\s*(?:\(([^()]*)\))?/g))
    if (!TRANSFORMS[name]?.includes(numbersIn(list)?.length ?? 0))
      throw new UserError(
        `${place}: transform="${whole}", expected matrix, translate, scale, rotate, skewX or skewY with its numbers.`,
      );
  return text;
}

/** Where a nested svg lies: its box of the view in its own box, as large as fits, in the middle (SVG 2, 8.2). */
function viewOf(element: XmlElement, place: string): string {
  const [x = 0, y = 0, width, height] = ["x", "y", "width", "height"].map((key) =>
    lengthOf(element, key, place),
  );
  const box = numbersIn(element.attributes.viewBox ?? "") ?? [];
  const [left = 0, top = 0, across = 0, down = 0] = box;
  if (!(across > 0 && down > 0) || width === undefined || height === undefined) return `translate(${x} ${y})`;
  const scale = Math.min(width / across, height / down);
  const [dx, dy] = [x + (width - scale * across) / 2, y + (height - scale * down) / 2];
  return `translate(${dx} ${dy}) scale(${scale}) translate(${-left} ${-top})`;
}

/** The longer side of the box around all control points. */
function extentOf(subpaths: readonly Subpath[]): number {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of subpaths.flat(2)) {
    [minX, maxX] = [Math.min(minX, x), Math.max(maxX, x)];
    [minY, maxY] = [Math.min(minY, y), Math.max(maxY, y)];
  }
  // A dot has no extent, and no curves.
  return Math.max(maxX - minX, maxY - minY) || 1;
}
