/**
 * In which order the positions of a sequence lie along its axis: as they are, or in tiles of four, position 4t + j of
 * `length` at j · length / 4 + t. Convolutions by Winograd's algorithm want tiles (ops/winograd.ts); what treats all
 * positions alike need not know.
 */
export type Order = "natural" | "tiles";

/** Positions of a tile; a length in tiles is a multiple of it. */
export const TILE = 4;

/** Where a position lies. */
export const placeOf = (order: Order, position: number, length: number): number =>
  order === "natural" ? position : (position % TILE) * (length / TILE) + Math.floor(position / TILE);
