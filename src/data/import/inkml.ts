import { UserError } from "../../base/errors.ts";
import type { Sketch, Stroke } from "../../sketch/sketch.ts";
import type { Imported, ImportOptions } from "./imported.ts";
import type { XmlElement } from "./xml.ts";

/**
 * The drawings of an InkML document: its traces are strokes (W3C, Ink Markup Language 2011, 3). Of their channels X and Y count.
 * @throws UserError naming file and line for what cannot be read, or nothing to draw.
 */
export function readInkml(root: XmlElement, file: string, { eachGroup = false }: ImportOptions): Imported {
  const elements = [...walk(root)];
  const channels = elements
    .filter(({ name }) => name === "channel")
    .map(({ attributes }) => attributes.name ?? "");
  const [atX, atY] = channels.length === 0 ? [0, 1] : [channels.indexOf("X"), channels.indexOf("Y")];
  if (atX < 0 || atY < 0)
    throw new UserError(
      `${file}: its traceFormat has the channels ${channels.join(", ")}, expected X and Y among them.`,
    );
  const tops = eachGroup ? elements.filter(({ name }) => name === "traceGroup") : [root];
  if (tops.length === 0)
    throw new UserError(
      `${file}: there is no <traceGroup>, each of which would be a drawing; import it without them.`,
    );
  const sketches = tops
    .map((top) =>
      [...walk(top)].filter(({ name, attributes }) => name === "trace" && attributes.type !== "penUp"),
    )
    .map((traces): Sketch => ({ strokes: traces.map((trace) => strokeOf(trace, atX, atY, file)) }))
    .filter(({ strokes }) => strokes.length > 0);
  if (sketches.length === 0) throw new UserError(`${file}: there is no <trace> in it.`);
  return { sketches, notes: [] };
}

function* walk(element: XmlElement): Generator<XmlElement> {
  yield element;
  for (const child of element.children) yield* walk(child);
}

/** A channel's way of writing values: as they are, their differences, or the differences of these. */
type Order = "!" | "'" | '"';

/** One number of each point of a trace. */
interface Channel {
  /** Among the numbers of a point. */
  readonly place: number;
  readonly values: number[];
  order: Order;
  /** The last difference. */
  speed: number;
}

const channelAt = (place: number): Channel => ({ place, values: [], order: "!", speed: 0 });

function strokeOf({ text, line }: XmlElement, atX: number, atY: number, file: string): Stroke {
  const channels = [channelAt(atX), channelAt(atY)];
  for (const point of text.split(",")) {
    if (point.trim() === "") continue;
    const parts = point.match(/[!'"]?\s*[-+]?(?:\d+\.?\d*|\.\d+)|[TF*?]/g) ?? [];
    for (const channel of channels) {
      const [, order = channel.order, number = ""] =
        /^([!'"])?\s*(.+)$/.exec(parts[channel.place] ?? "") ?? [];
      if (number === "" || !Number.isFinite(Number(number)))
        throw new UserError(
          `${file}:${line}: a point of <trace> is "${point.trim()}", expected a number for each channel.`,
        );
      const last = channel.values.at(-1) ?? 0;
      const value = Number(number);
      if (order === "!") channel.speed = value - last;
      else if (order === "'") channel.speed = value;
      else channel.speed += value;
      channel.order = order === "'" || order === '"' ? order : "!";
      channel.values.push(order === "!" ? value : last + channel.speed);
    }
  }
  const [x = [], y = []] = channels.map(({ values }) => values);
  if (x.length === 0) throw new UserError(`${file}:${line}: <trace> has no points.`);
  return { x, y };
}
