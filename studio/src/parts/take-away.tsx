import type { GeneratedSketch } from "cizgi/web";
import { useState } from "preact/hooks";
import { formats, save } from "../save.ts";
import { words } from "../words.ts";

/** Files of the drawings, and a link to them. */
export function TakeAway({ sketches, title }: { sketches: readonly GeneratedSketch[]; title: string }) {
  const [copied, setCopied] = useState(false);
  const { saveAs, link, linkCopied } = words.value;
  const copy = async () => {
    // Pages that come over plain HTTP have no clipboard.
    if (navigator.clipboard === undefined) return prompt(link, location.href);
    await navigator.clipboard.writeText(location.href);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <fieldset class="take" aria-label={saveAs}>
      {formats.map((format) => (
        <button
          key={format}
          type="button"
          class="quiet"
          disabled={sketches.length === 0}
          onClick={() => save(sketches, format, title)}
        >
          {format === "ndjson" ? "ndjson" : format.toUpperCase()}
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
