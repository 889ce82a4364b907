/** The colours and type that every picture shares: dark ink on light paper, readable from the back of a room. */
export const INK = "#1c1f26";
export const MUTED = "#6b7280";
export const PAPER = "#ffffff";
/** A page around white cells, warm enough to tell them apart without frames. */
export const PAGE = "#f4f2ee";

/** Shipped by a package for PNGs (`png.ts`); a browser without it takes its own sans-serif. */
export const FONT = "Figtree, system-ui, sans-serif";
