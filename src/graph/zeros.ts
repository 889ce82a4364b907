import { expand } from "./ops/stretch.ts";
import type { Shape } from "./shape.ts";
import { constant, type Tensor } from "./tensor.ts";

/** A float32 tensor of zeros: a single one, stretched. */
export const zeros = (shape: Shape): Tensor =>
  expand(
    constant(
      [0],
      shape.map(() => 1),
    ),
    shape,
  );
