import type { GeneratedSketch } from "cizgi/web";
import { useState } from "preact/hooks";
import { type Format, formats, save } from "../save.ts";
import { words } from "../words.ts";

/** Files of the drawings, and a link to them. */
export function TakeAway({ sketches, title }: { sketches: readonly GeneratedSketch[]; title: string }) {
  const [copied, setCopied] = useState(false);
  const { saveAs, animated, link, linkCopied, copyLink } = words.value;
  const nameOfFormat: Readonly<Record<Format, string>> = {
    svg: "SVG",
    animated,
    png: "PNG",
    gif: "GIF",
    ndjson: "ndjson",
  };
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(location.href);
    } catch {
      // Pages that come over plain HTTP have no clipboard, and it may be refused.
      prompt(copyLink, location.href);
      return;
    }
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <fieldset class="take">
      <legend>{saveAs}</legend>
      {formats.map((format) => (
        <button
          key={format}
          type="button"
          class="quiet"
          disabled={sketches.length === 0}
          onClick={() => save(sketches, format, title)}
        >
          {nameOfFormat[format]}
        </button>
      ))}
      <button type="button" class="quiet" onClick={copy}>
        {copied ? linkCopied : link}
      </button>
      <span role="status" class="unseen">
        {copied ? linkCopied : ""}
      </span>
    </fieldset>
  );
}
