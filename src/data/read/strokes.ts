import type { Stroke } from "../../sketch/sketch.ts";
import { parseJson, show } from "./json.ts";
import type { Problem } from "./report.ts";

/** What a list of lists of numbers is: rows `[[x...], [y...]]`, as in Quick, Draw!, or points `[[x, y], ...]`. */
export type StrokeForm = "rows" | "points";

/** x and y, beside them up to two of time, pressure and the like. */
const FEWEST = 2;
const MOST = 4;

/**
 * The strokes of a drawing, those without points left out. A stroke is a list of lists, which are what `form` says, with
 * a third and a fourth number or row for time and pressure; `{"x": [...], "y": [...]}`; or a list of
 * `{"x": ..., "y": ...}`. A drawing may also be `{"x": [[...], ...], "y": [[...], ...]}`, or JSON in a string.
 */
export function strokesOf(drawing: unknown, form: StrokeForm): Stroke[] | Problem {
  const items = itemsOf(drawing);
  if ("reason" in items) return items;
  const strokes: Stroke[] = [];
  for (let i = 0; i < items.length; i++) {
    const stroke = strokeOf(items[i], form);
    if ("reason" in stroke) return { reason: stroke.reason, found: `stroke ${i + 1} ${stroke.found}` };
    if (stroke.x.length > 0) strokes.push(stroke);
  }
  return strokes.length > 0 ? strokes : { reason: "empty drawing", found: show(drawing) };
}

/**
 * What a drawing's strokes say of their form: above 0 for rows, below for points, the more the farther; undefined where
 * no stroke is a list of lists of several. A stroke has, as a rule, more points than a point has numbers: two lists of
 * ten are rows, ten lists of two are points. A drawing's third numbers, where they are times, begin at 0. And of strokes
 * of two points, one may begin where another ends.
 */
export function evidenceOf(drawing: unknown): number | undefined {
  const items = itemsOf(drawing);
  if ("reason" in items) return undefined;
  let evidence: number | undefined;
  for (const [i, item] of items.entries()) {
    if (!isSquare(item) || item[0].length < 2) continue;
    evidence ??= 0;
    const [lists, numbers] = [item.length, item[0].length];
    if (isPointSize(Math.min(lists, numbers))) evidence += numbers - lists;
    if (i === 0 && lists > 2) {
      if (isPointSize(lists) && beginsAtZero(item[2] ?? [])) evidence++;
      if (isPointSize(numbers) && beginsAtZero(item.map((list) => list[2]))) evidence--;
    }
    const next = items[i + 1];
    if (lists !== 2 || numbers !== 2 || !isSquare(next)) continue;
    const [[, endX], [otherX, endY] = []] = item;
    const [[x, otherY], [y] = []] = next;
    if (endX === x && endY === y) evidence++;
    if (otherX === x && endY === otherY) evidence--;
  }
  return evidence;
}

type Table = [unknown[], ...unknown[][]];

/** A list of lists of the same length. */
const isSquare = (value: unknown): value is Table =>
  isTable(value) && value.every(({ length }) => length === value[0].length);

const beginsAtZero = (values: readonly unknown[]): boolean =>
  values[0] === 0 && areNumbers(values) && isTime(values);

const isPointSize = (count: number): boolean => count >= FEWEST && count <= MOST;

function itemsOf(drawing: unknown): readonly unknown[] | Problem {
  if (typeof drawing === "string") {
    const parsed = parseJson(drawing);
    if ("reason" in parsed) return /^\s*[[{]/.test(drawing) ? parsed : noDrawing(drawing);
    if (typeof parsed.value !== "string") return itemsOf(parsed.value);
  }
  if (Array.isArray(drawing)) return drawing;
  const { x, y, t } = fieldsOf(drawing);
  if (!Array.isArray(x) || !Array.isArray(y)) return noDrawing(drawing);
  // A drawing of a single stroke.
  if (typeof x[0] === "number") return [drawing];
  if (x.length !== y.length)
    return {
      reason: "coordinates of different length",
      found: `x is of ${x.length} strokes, y of ${y.length}`,
    };
  return x.map((values, i) => ({ x: values, y: y[i], ...(Array.isArray(t) && { t: t[i] }) }));
}

const noDrawing = (drawing: unknown): Problem => ({
  reason: "no drawing",
  found: `"drawing" is ${show(drawing)}`,
});

function strokeOf(item: unknown, form: StrokeForm): Stroke | Problem {
  if (Array.isArray(item)) {
    const first: unknown = item[0];
    const points = Array.isArray(first) ? form === "points" : "x" in fieldsOf(first);
    return fromRows(points ? rowsOf(item) : item, item);
  }
  const { x, y, t } = fieldsOf(item);
  return fromRows(t === undefined || t === null ? [x, y] : [x, y, t], item);
}

/** The rows of a list of points. */
function rowsOf(points: readonly unknown[]): readonly unknown[] {
  const lists = points.map((point) => {
    if (Array.isArray(point)) return point;
    const { x, y, t } = fieldsOf(point);
    return t === undefined ? [x, y] : [x, y, t];
  });
  const sizes = new Set(lists.map(({ length }) => length));
  const [first = []] = lists;
  return sizes.size === 1 ? Array.from(first, (_, row) => lists.map((list) => list[row])) : [];
}

/** @param item what the rows are of, to be shown where it is no stroke. */
function fromRows(rows: readonly unknown[], item: unknown): Stroke | Problem {
  const table = isTable(rows) ? rows : [];
  const [x, y, t] = table;
  if (x === undefined || y === undefined || table.length > MOST)
    return {
      reason: "malformed stroke",
      found: `is ${show(item)}, expected [[x...], [y...]] and at most two rows more`,
    };
  if (table.some(({ length }) => length !== x.length))
    return {
      reason: "coordinates of different length",
      found: `has rows of ${table.map(({ length }) => length).join(" and ")} numbers`,
    };
  if (!areNumbers(x) || !areNumbers(y) || (t !== undefined && !areNumbers(t)))
    return {
      reason: "not a number",
      found: `has ${show(table.flat().find((value) => !Number.isFinite(value)))} among its coordinates`,
    };
  return t !== undefined && isTime(t) ? { x, y, t } : { x, y };
}

/** A third number beside x and y may also be a pressure or a pen. */
const isTime = (values: readonly number[]): boolean =>
  values.every((value, i) => value >= (values[i - 1] ?? 0));

const isTable = (value: unknown): value is Table =>
  Array.isArray(value) && value.length > 0 && value.every(Array.isArray);

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function areNumbers(values: readonly unknown[]): values is number[] {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}
