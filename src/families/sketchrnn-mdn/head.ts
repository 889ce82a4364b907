import { at } from "../../base/at.ts";
import { linear } from "../../nn/layers.ts";
import type { Head } from "../sketchrnn/head.ts";
import { drawOffset, mixtureOf, mixtureWidth, negativeLogLikelihood } from "./mixture.ts";
import type { MdnDraws, MdnSettings } from "./settings.ts";

/** One layer that gives the parameters of a mixture. */
export const head: Head<MdnSettings, MdnDraws> = {
  output: (scope, settings, hidden) => linear(scope, hidden, mixtureWidth(settings)),
  width: mixtureWidth,
  error: (_, settings, output, offset) => negativeLogLikelihood(mixtureOf(output, settings), offset),
  open: async (settings) => ({
    async next(outputs, streams, { temperature }) {
      const width = mixtureWidth(settings);
      const offsets = new Float32Array(2 * streams.length);
      for (let row = 0; row < streams.length; row++)
        offsets.set(
          drawOffset(
            outputs.subarray(row * width, (row + 1) * width),
            settings,
            temperature,
            at(streams, row),
          ),
          2 * row,
        );
      return offsets;
    },
    dispose: async () => {},
  }),
};
