import type { XmlElement } from "./xml.ts";

/** What of an element's look decides whether it is drawn. */
const PROPERTIES = ["stroke", "fill", "display", "visibility"] as const;
type Property = (typeof PROPERTIES)[number];
export type Look = Readonly<Partial<Record<Property, string>>>;

/** A rule of a style sheet: one of `name`, `.class` and `#id`, and what it says. */
interface Rule {
  readonly selector: string;
  readonly look: Look;
}

const isProperty = (name: string): name is Property => PROPERTIES.some((property) => property === name);

const declarations = (text: string): Look =>
  Object.fromEntries(
    text
      .split(";")
      .map((one) => one.split(":").map((part) => part.trim().replace(/\s*!important$/, "")))
      .flatMap(([name = "", value = ""]) => (isProperty(name) && value !== "" ? [[name, value]] : [])),
  );

/** The rules of a style sheet, of the simple selectors that programs write; others are passed over. */
export const rulesOf = (sheet: string): Rule[] =>
  [...sheet.replace(/\/\*.*?\*\//gs, "").matchAll(/([^{}]+)\{([^{}]*)\}/g)].flatMap(
    ([, selectors = "", text = ""]) =>
      selectors.split(",").map((selector) => ({ selector: selector.trim(), look: declarations(text) })),
  );

/** The look of an element: its parent's, over that its own attributes, the rules for it, its `style`. */
export function lookOf({ name, attributes }: XmlElement, rules: readonly Rule[], inherited: Look): Look {
  const { class: classes = "", id = "", style = "" } = attributes;
  const selectors = [name, ...classes.split(/\s+/).map((one) => `.${one}`), `#${id}`];
  const { display: _, ...parent } = inherited;
  const own = Object.fromEntries(Object.entries(attributes).filter(([key]) => isProperty(key)));
  // The later kind of selector is the stronger one.
  const matching = selectors.flatMap((selector) =>
    rules.filter((rule) => rule.selector === selector).map(({ look }) => look),
  );
  return Object.assign({}, parent, own, ...matching, declarations(style));
}
