import { type SaxesAttributePlain, SaxesParser } from "saxes";
import { at } from "../../base/at.ts";
import { UserError } from "../../base/errors.ts";

/** Deeper than people nest groups; what is deeper takes the stack of those who walk through it. */
const DEEPEST = 256;

/** An element of an XML document; names are without their prefix. */
export interface XmlElement {
  readonly name: string;
  /** As they are written, prefixes included. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** All text right inside of it. */
  readonly text: string;
  /** Where it begins, from 1. */
  readonly line: number;
}

interface Growing extends XmlElement {
  readonly children: Growing[];
  text: string;
}

/**
 * The root of an XML document.
 * @throws UserError naming file and line where it is not well-formed, or nested too deeply.
 */
export function parseXml(text: string, file: string): XmlElement {
  const parser = new SaxesParser();
  const top: Growing = { name: "", attributes: {}, children: [], text: "", line: 0 };
  const open = [top];
  parser.on("error", ({ message }) => {
    const [, line = "", reason = message] = /^(\d+):\d+: (.*)/s.exec(message) ?? [];
    throw new UserError(`${file}${line && `:${line}`}: expected XML, found: ${reason.replace(/\.$/, "")}.`);
  });
  // Programs that draw give addresses of namespaces short names; those of one piece of text cannot grow.
  parser.on("doctype", (doctype) => {
    for (const [, name = "", value = ""] of doctype.matchAll(/<!ENTITY\s+(\w+)\s+["']([^"'&]*)["']\s*>/g))
      parser.ENTITIES[name] = value;
  });
  parser.on(
    "opentag",
    ({ name, attributes }: { name: string; attributes: Record<string, SaxesAttributePlain["value"]> }) => {
      if (open.length > DEEPEST)
        throw new UserError(`${file}:${parser.line}: elements are nested more than ${DEEPEST} deep.`);
      const element = {
        name: name.replace(/^.*:/, ""),
        attributes,
        children: [],
        text: "",
        line: parser.line,
      };
      at(open, open.length - 1).children.push(element);
      open.push(element);
    },
  );
  parser.on("closetag", () => open.pop());
  const write = (more: string) => {
    at(open, open.length - 1).text += more;
  };
  parser.on("text", write);
  parser.on("cdata", write);
  parser.write(text).close();
  return at(top.children, 0);
}
