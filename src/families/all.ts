// One line a family, under the name that runs and models give it.
export { autoregressiveStroke as "autoregressive-stroke" } from "./autoregressive-stroke/family.ts";
export { encoderDecoder as "encoder-decoder" } from "./encoder-decoder/family.ts";
export { fullSequence as "full-sequence" } from "./full-sequence/family.ts";
export { latent } from "./latent/family.ts";
export { sketchRnnDiffusion as "sketchrnn-diffusion" } from "./sketchrnn-diffusion/family.ts";
export { sketchRnnMdn as "sketchrnn-mdn" } from "./sketchrnn-mdn/family.ts";
export { transformer } from "./transformer/family.ts";
export { unet1d } from "./unet1d/family.ts";
