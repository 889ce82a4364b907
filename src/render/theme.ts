import { at } from "../base/at.ts";

/** The colours and type that every picture shares: dark ink on light paper, readable from the back of a room. */
export const INK = "#1c1f26";
export const MUTED = "#6b7280";
export const PAPER = "#ffffff";
/** A page around white cells, warm enough to tell them apart without frames. */
export const PAGE = "#f4f2ee";
/** Lines behind a chart. */
export const GRID_LINE = "#e6e7ea";
const SERIES_COLOURS = ["#2b5fd9", "#d9622b", "#1f8a5f", "#8a4fc4", "#b0892b", "#c43b76"];
/** Of what a chart compares, in the order of use: after the sixth they come again. */
export const seriesColour = (index: number): string => at(SERIES_COLOURS, index % SERIES_COLOURS.length);

/** Shipped by a package (`png.ts`); a browser without it takes its own sans-serif. */
export const FONT = "Figtree, system-ui, sans-serif";
