import type { Evaluation, Measures } from "../metrics/evaluation.ts";

/** One measure as tables show it. */
export interface MeasureColumn {
  readonly name: string;
  /** Where better values lie: "↓" lower, "↑" higher, "→ 1" near 1. */
  readonly better: "↓" | "↑" | "→ 1";
  /** What it measures, in one sentence. */
  readonly says: string;
  /** Its value of each row as it is shown; undefined where it was not measured. */
  readonly cells: readonly (string | undefined)[];
}

export interface MeasureGroup {
  readonly title: string;
  /** The network that measured, where it is not the evaluation's first. */
  readonly judge?: string;
  readonly columns: readonly MeasureColumn[];
}

interface Measure extends Omit<MeasureColumn, "cells"> {
  readonly show: (measures: Measures) => string | undefined;
}

const formatter = (options: Intl.NumberFormatOptions): ((value: number) => string) => {
  const format = new Intl.NumberFormat("en-US", { useGrouping: false, signDisplay: "negative", ...options });
  return (value) => (Number.isFinite(value) ? format.format(value).replace("-", "−") : "not finite");
};
const fixed = (digits: number) => formatter({ minimumFractionDigits: digits, maximumFractionDigits: digits });
const [oneDecimal, twoDecimals] = [fixed(1), fixed(2)];

/** A number of unknown size. */
export const threeDigits = formatter({ maximumSignificantDigits: 3 });

/** A share of 0 to 1 in percent. */
export const percent = (share: number): string => `${oneDecimal(100 * share)} %`;
const percentIfAny = (share: number | undefined) => (share === undefined ? undefined : percent(share));

/** What a second judge is asked for: of the other measures some say the same, others come from no network. */
const SECOND = /^(FID-|KID|precision|recall|top-)/;

/**
 * The measures of an evaluation in the order they are shown, those of a second judge last, without those that none of its
 * rows has.
 */
export function measureGroups(evaluation: Evaluation): MeasureGroup[] {
  const { secondJudge } = evaluation;
  const first = groupsOf(evaluation);
  if (secondJudge === undefined) return first;
  const judge = secondJudge.network.name;
  const columns = groupsOf(secondJudge)
    .flatMap((group) => group.columns)
    .filter(({ name }) => SECOND.test(name));
  return [...first, { title: `As ${judge} sees them`, judge, columns }];
}

/** FID carries the network's name, so that it is never taken for one of Inception features. */
function groupsOf({ network, rows }: Evaluation): MeasureGroup[] {
  const groups: { title: string; measures: Measure[] }[] = [
    {
      title: "Nearness to real drawings",
      measures: [
        {
          name: `FID-${network.name}`,
          better: "↓",
          says: "Distance between the features of both sets, each taken as one Gaussian; too large where N is small.",
          show: ({ fid }) => twoDecimals(fid),
        },
        {
          name: `FID∞-${network.name}`,
          better: "↓",
          says: "The same, extrapolated to infinitely many drawings.",
          show: ({ fidInfinity }) => (fidInfinity === undefined ? undefined : twoDecimals(fidInfinity)),
        },
        {
          name: "KID × 1000",
          better: "↓",
          says: "Distance between the features of both sets whatever their shape, mean ± standard deviation over subsets of 1,000 (of fewer drawings there is one subset, and no spread); without bias, so that equal sets come out slightly below 0 as often as above.",
          // Subsets of all drawings are all the same: no spread.
          show: ({ kid: { mean, std } }) =>
            oneDecimal(1000 * mean) + (std > 0 ? ` ± ${oneDecimal(1000 * std)}` : ""),
        },
        {
          name: "precision",
          better: "↑",
          says: "Drawings that lie where real ones lie: quality.",
          show: ({ precision }) => percent(precision),
        },
        {
          name: "recall",
          better: "↑",
          says: "Real drawings that lie where the drawings lie: variety.",
          show: ({ recall }) => percent(recall),
        },
        {
          name: "density",
          better: "↑",
          says: "How crowded with real drawings the places of the drawings are; about 1 for real ones, more where only typical ones are drawn.",
          show: ({ density }) => twoDecimals(density),
        },
        {
          name: "coverage",
          better: "↑",
          says: "Real drawings that have a drawing in their neighbourhood: variety, not swayed by outliers.",
          show: ({ coverage }) => percent(coverage),
        },
      ],
    },
    {
      title: "Recognition and novelty",
      measures: [
        {
          name: "top-1",
          better: "↑",
          says: "Drawings whose asked category is the network's first guess; above the real drawings' share they are plainer than what people draw, not better.",
          show: ({ recognition }) => percentIfAny(recognition?.top1),
        },
        {
          name: "top-5",
          better: "↑",
          says: "Drawings whose asked category is among the network's first five guesses.",
          show: ({ recognition }) => percentIfAny(recognition?.top5),
        },
        {
          name: "agreement",
          better: "↑",
          says: "Drawings whose asked category is the network's first guess among the evaluated ones.",
          show: ({ recognition }) => percentIfAny(recognition?.agreement),
        },
        {
          name: "novelty",
          better: "→ 1",
          says: "Distance to the nearest training drawing, divided by that of held-out real drawings: 1 is as new as real drawings are, 0 is copied.",
          show: ({ novelty }) => (novelty === undefined ? undefined : twoDecimals(novelty.ratio)),
        },
        {
          name: "copies",
          better: "↓",
          says: "Drawings as near to a training drawing as only 1 % of held-out real drawings are: 1 % is expected, 100 % is copied.",
          show: ({ novelty }) => percentIfAny(novelty?.copies),
        },
      ],
    },
    {
      title: "Strokes and pixels",
      measures: [
        {
          name: "points",
          better: "↓",
          says: "How far the number of points lies from that of real drawings, in their standard deviations (Wasserstein distance, as for the next four).",
          show: ({ sequence }) => twoDecimals(sequence.points),
        },
        {
          name: "strokes",
          better: "↓",
          says: "How far the number of strokes lies from that of real drawings.",
          show: ({ sequence }) => twoDecimals(sequence.strokes),
        },
        {
          name: "stroke length",
          better: "↓",
          says: "How far the length of a stroke lies from that of real drawings.",
          show: ({ sequence }) => twoDecimals(sequence.strokeLength),
        },
        {
          name: "ink",
          better: "↓",
          says: "How far the length of all lines together lies from that of real drawings.",
          show: ({ sequence }) => twoDecimals(sequence.ink),
        },
        {
          name: "travel",
          better: "↓",
          says: "How far the way of the lifted pen, from stroke to stroke, lies from that of real drawings: the one measure here that sees the order of strokes.",
          show: ({ sequence }) => twoDecimals(sequence.travel),
        },
        {
          name: "pixel FID",
          better: "↓",
          says: "The seed's number: squared distance of the mean pictures, times 1000; no FID.",
          show: ({ pixelFid }) => threeDigits(pixelFid),
        },
        {
          name: "pixel KID",
          better: "↓",
          says: "The seed's number: distance between the pictures' pixels; no KID of features.",
          show: ({ pixelKid }) => threeDigits(pixelKid),
        },
      ],
    },
  ];
  const columnOf = ({ show, ...column }: Measure) => ({
    ...column,
    cells: rows.map((row) => show(row.measures)),
  });
  const isMeasured = ({ cells }: MeasureColumn) => cells.some((cell) => cell !== undefined);
  return groups
    .map(({ title, measures }) => ({ title, columns: measures.map(columnOf).filter(isMeasured) }))
    .filter(({ columns }) => columns.length > 0);
}
