import { at } from "../base/at.ts";
import { UserError } from "../base/errors.ts";

/** How near generated drawings come to training drawings, beside how near held-out real ones come. */
export interface Novelty {
  /** Median distance to the nearest training drawing, divided by that of held-out drawings: 0 of a model that copies. */
  readonly ratio: number;
  /**
   * Share of the generated drawings at least as near to a training drawing as the nearest 1 % of the held-out ones,
   * 0 to 1: 0.01 is expected of new drawings, 1 of copies.
   */
  readonly copies: number;
}

const NEAREST_SHARE = 0.01;

function median(ascending: Float32Array): number {
  const middle = ascending.length >> 1;
  const upper = at(ascending, middle);
  return ascending.length % 2 === 1 ? upper : (at(ascending, middle - 1) + upper) / 2;
}

/**
 * Novelty from the distances [count] of generated and of held-out real drawings to their nearest training drawings
 * (`nearestDistances`), the held-out ones being what no model can have copied. Held-out drawings that repeat training
 * drawings raise what is expected of `copies` to their share.
 * @throws UserError without distances on either side, or where half of the held-out drawings repeat training drawings.
 */
export function novelty(generated: Float32Array, heldOut: Float32Array): Novelty {
  if (generated.length === 0 || heldOut.length === 0)
    throw new UserError(
      `novelty needs at least 1 generated and 1 held-out drawing, found ${generated.length} and ${heldOut.length}: evaluate more.`,
    );
  const ascending = heldOut.toSorted();
  const usual = median(ascending);
  if (usual === 0)
    throw new UserError(
      "novelty needs held-out drawings that differ from the training drawings, found half of them to be training drawings: hold out others.",
    );
  const near = at(ascending, Math.ceil(NEAREST_SHARE * ascending.length) - 1);
  return {
    ratio: median(generated.toSorted()) / usual,
    copies: generated.reduce((count, distance) => count + (distance <= near ? 1 : 0), 0) / generated.length,
  };
}
