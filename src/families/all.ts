// One line a family, under the name that runs and models give it.
export { unet1d } from "./unet1d/family.ts";
