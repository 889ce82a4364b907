import { autoencoderFamily, autoencoderSchemas } from "../autoencoder/family.ts";
import { buildDecoder, openDecoder } from "./decoder.ts";
import { encode } from "./networks.ts";
import { presets } from "./presets.ts";
import { prior } from "./prior.ts";
import { problems, settings, training } from "./settings.ts";
import { autoencoding } from "./task.ts";

/** A convolutional autoencoder, and diffusion on its latents. */
export const latent = autoencoderFamily({
  name: "latent",
  schemas: autoencoderSchemas(settings, training, problems),
  autoencoder: {
    codeShape: ({ latents, latentSize }) => ({ points: latents, channels: latentSize }),
    encode,
    buildDecoder: (settings) => buildDecoder(settings, 1),
    task: (network, _classes, optimisation, set) => autoencoding(network, optimisation, set),
    openDecoder,
    prior,
    priorShare: 0.5,
  },
  presets,
  // Taps and mixing of the prior's blocks, all steps' conditions, and of the decoder's.
  least({ network, sampling: { steps } }) {
    const { points, pointWidth, latentWidth, priorWidth, priorBlocks, latents } = network;
    return {
      numbers:
        7 * priorBlocks * priorWidth ** 2 +
        2 * (priorBlocks + 1) * priorWidth * steps +
        3 * priorWidth * latents +
        21 * (latentWidth ** 2 + pointWidth ** 2) +
        3 * pointWidth * points,
      because: `priorWidth ${priorWidth}, priorBlocks ${priorBlocks}, latentWidth ${latentWidth}, pointWidth ${pointWidth} and steps ${steps}`,
    };
  },
});
