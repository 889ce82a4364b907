import type { GeneratedSketch } from "cizgi/web";
import { useState } from "preact/hooks";
import { formats, save } from "../save.ts";
import { words } from "../words.ts";

/** Files of the drawings, and a link to them. */
export function TakeAway({ sketches, title }: { sketches: readonly GeneratedSketch[]; title: string }) {
  const [copied, setCopied] = useState(false);
  const { saveAs, link, linkCopied, copyLink } = words.value;
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
