import { autoencoderFamily, autoencoderSchemas } from "../autoencoder/family.ts";
import { buildDecoder, openDecoder } from "./decoder.ts";
import { encode } from "./encoder.ts";
import { presets } from "./presets.ts";
import { prior } from "./prior.ts";
import { problems, settings, training } from "./settings.ts";
import { denoisingWithCodes } from "./task.ts";

/** A diffusion autoencoder: one code of a drawing, a decoder that draws by diffusion given it, and a prior of codes. */
export const encoderDecoder = autoencoderFamily({
  name: "encoder-decoder",
  schemas: autoencoderSchemas(settings, training, problems),
  autoencoder: {
    codeShape: ({ codeWidth }) => ({ points: 1, channels: codeWidth }),
    encode,
    buildDecoder,
    task: denoisingWithCodes,
    openDecoder,
    prior,
    // One code is little beside all points.
    priorShare: 1 / 6,
  },
  presets,
  // Taps and mixing of the decoder's blocks, one layer's taps, all steps' conditions, the prior's perceptrons.
  least({ network: { width, blocks, points, priorWidth, priorBlocks }, sampling: { steps } }) {
    return {
      numbers:
        7 * blocks * width ** 2 +
        3 * width * points +
        2 * (blocks + 1) * width * steps +
        priorBlocks * priorWidth * (4 * priorWidth + 2 * steps),
      because: `width ${width}, blocks ${blocks}, points ${points}, priorWidth ${priorWidth}, priorBlocks ${priorBlocks} and steps ${steps}`,
    };
  },
});
