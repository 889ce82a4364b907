import type { Evaluation } from "../metrics/evaluation.ts";
import { escapeXml } from "../render/markup.ts";
import { evaluationFacts, howToRead } from "./evaluation-facts.ts";
import type { ReportPicture } from "./evaluation-pictures.ts";
import { type MeasureGroup, measureGroups } from "./measures.ts";
import { DARK, htmlPage } from "./page.ts";

const darkPictures = Object.entries(DARK)
  .flatMap(([light, dark]) =>
    ["fill", "stroke", "color"].map(
      (property) => `figure [${property}="${light}"] { ${property}: ${dark}; }`,
    ),
  )
  .join("\n    ");

const STYLE = `
  @media (prefers-color-scheme: dark) {
    ${darkPictures}
  }
  .facts { margin: 0; padding: 0; list-style: none; color: var(--muted); }
  .wide { overflow-x: auto; border-radius: 10px; background: var(--paper); }
  table { border-collapse: collapse; min-width: 100%; font-variant-numeric: tabular-nums; }
  th, td { padding: 0.4rem 1rem; text-align: right; white-space: nowrap; }
  th { font-weight: 600; }
  tr > :first-child { position: sticky; left: 0; background: var(--paper); text-align: left; }
  tbody tr { border-top: 1px solid var(--line); }
  thead th { vertical-align: bottom; padding-top: 0.8rem; max-width: 10rem; white-space: normal; }
  .group th { padding-top: 1.2rem; color: var(--muted); font-size: 0.875rem; }
  .floor { color: var(--muted); }
  .better { color: var(--muted); font-weight: 400; }
  .note { color: var(--muted); font-size: 0.875rem; }
  figure { margin: 2.5rem 0; }
  figure .wide { box-sizing: border-box; width: fit-content; max-width: 100%; border: 1px solid var(--line); }
  figure svg { display: block; max-width: 100%; min-width: 42rem; height: auto; }
  dl { display: grid; gap: 0.75rem 2rem; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); margin: 0; }
  dt { font-weight: 600; }
  dd { margin: 0; }
  @media (max-width: 40rem) {
    table { font-size: 0.9375rem; }
    th, td { padding: 0.4rem 0.5rem; }
    thead th { max-width: 6rem; }
  }
`;

const paragraph = (text: string): string => `<p class="note">${escapeXml(text)}</p>`;

function table({ rows }: Evaluation, groups: readonly MeasureGroup[]): string {
  const kind = (place: number) => (place === 0 ? ' class="floor"' : "");
  const head = rows.map(({ name }, i) => `<th scope="col"${kind(i)}>${escapeXml(name)}</th>`).join("");
  const bodies = groups.map(({ title, columns }) => {
    const lines = columns.map(({ name, better, cells }) => {
      const values = cells.map((cell, i) => `<td${kind(i)}>${cell ?? "–"}</td>`).join("");
      return `<tr><th scope="row">${escapeXml(name)} <span class="better">${better}</span></th>${values}</tr>`;
    });
    const heading = `<tr class="group"><th scope="rowgroup" colspan="${rows.length + 1}">${escapeXml(title)}</th></tr>`;
    return `<tbody>\n${[heading, ...lines].join("\n")}\n</tbody>`;
  });
  return `<table>\n<thead><tr><th scope="col">measure</th>${head}</tr></thead>\n${bodies.join("\n")}\n</table>`;
}

/** What each measure says, in which direction it is better, and its floor; a second judge's say the same. */
function explanations(groups: readonly MeasureGroup[]): string {
  const own = groups.filter(({ judge }) => judge === undefined);
  const entries = own.flatMap(({ columns }) =>
    columns.map(({ name, better, says, cells: [value] }) => {
      const title = `${escapeXml(name)} <span class="better">${better}${value === undefined ? "" : ` floor ${value}`}</span>`;
      return `<div><dt>${title}</dt><dd>${escapeXml(says)}</dd></div>`;
    }),
  );
  return `<dl>\n${entries.join("\n")}\n</dl>`;
}

const scrolling = (label: string, content: string): string =>
  `<div class="wide" role="region" aria-label="${escapeXml(label)}" tabindex="0">\n${content}\n</div>`;

/** An evaluation as one HTML file that needs nothing else: no script, no other file. */
export async function evaluationPage(
  evaluation: Evaluation,
  pictures: readonly ReportPicture[],
): Promise<string> {
  const { rows } = evaluation;
  const groups = measureGroups(evaluation);
  const names = rows.slice(1).map(({ name }) => name);
  const title = `Evaluation: ${names.join(", ")}`;
  return htmlPage(title, STYLE, [
    `<ul class="facts">${evaluationFacts(evaluation)
      .map((fact) => `<li>${escapeXml(fact)}</li>`)
      .join("")}</ul>`,
    "<h2>Measures</h2>",
    scrolling("Measures", table(evaluation, groups)),
    paragraph(howToRead(evaluation)),
    ...rows.map(({ name, description }) => paragraph(`${name}: ${description}`)),
    ...pictures.map((picture) => `<figure>${scrolling(picture.title, picture.svg)}</figure>`),
    "<h2>What the measures say</h2>",
    explanations(groups),
  ]);
}
