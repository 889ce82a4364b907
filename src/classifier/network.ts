import { add } from "../graph/ops/elementwise.ts";
import { mean } from "../graph/ops/mean.ts";
import { reshape } from "../graph/ops/stretch.ts";
import { axisSizes, sizeAt } from "../graph/shape.ts";
import { input, type Tensor } from "../graph/tensor.ts";
import { groupNorm, normAffine } from "../nn/group-norm.ts";
import { conv1d, conv2d, linear } from "../nn/layers.ts";
import { type Parameter, parameterScope, type Scope } from "../nn/parameters.ts";
import { averagePool2d, spaceToDepth } from "../nn/resample.ts";

/** Kinds of classifiers: two that see alike would share their blind spots. */
export const architectures = ["residual", "plain"] as const;
export type Architecture = (typeof architectures)[number];

/** What the width and height of the pictures are a multiple of: what a network halves them by, all together. */
export const shrinking: Readonly<Record<Architecture, number>> = { residual: 16, plain: 4 };

export interface ClassifierSizes {
  readonly architecture: Architecture;
  /** Width and height of the pictures, a multiple of the architecture's `shrinking`. */
  readonly pictureSize: number;
  readonly baseChannels: number;
  readonly normGroups: number;
  readonly classes: number;
}

/** A classifier's graph for one batch size. */
export interface Classifier {
  /** Ink coverage 0..1, [batch, pictureSize, pictureSize]; fed under the name "pictures". */
  readonly pictures: Tensor;
  /** [batch, 4 baseChannels]: what the last layer sees. */
  readonly features: Tensor;
  /** [batch, classes]. */
  readonly logits: Tensor;
  readonly parameters: readonly Parameter[];
}

/** The classifier's graph: its architecture's last feature maps, their means, one linear layer. */
export function buildClassifier(sizes: ClassifierSizes, batch: number): Classifier {
  const { architecture, pictureSize, baseChannels, classes } = sizes;
  const pictures = input("pictures", [batch, pictureSize, pictureSize]);
  const { scope, parameters } = parameterScope();
  const channelsFirst = reshape(pictures, [batch, 1, pictureSize, pictureSize]);
  const maps = featureMaps[architecture](scope, channelsFirst, sizes);
  const features = reshape(mean(maps, [2, 3]), [batch, 4 * baseChannels]);
  return { pictures, features, logits: linear(scope.child("head"), features, classes), parameters };
}

/** From pictures [batch, 1, size, size] to [batch, 4 baseChannels, size / shrinking, size / shrinking]. */
type FeatureMaps = (scope: Scope, pictures: Tensor, sizes: ClassifierSizes) => Tensor;

const featureMaps: Readonly<Record<Architecture, FeatureMaps>> = { residual, plain };

/**
 * A residual network with pre-activation (He et al. 2016, "Identity mappings in deep residual networks") and group
 * normalisation, one block at a quarter, an eighth and a sixteenth of the pictures' width; its steps down in size are
 * 2 x 2 convolutions with stride 2, as in ConvNeXt (Liu et al. 2022).
 */
function residual(
  scope: Scope,
  pictures: Tensor,
  { baseChannels: base, normGroups }: ClassifierSizes,
): Tensor {
  const norm = (name: string, x: Tensor) => normalised(scope.child(name), x, normGroups);
  let h = conv2d(scope.child("stem"), spaceToDepth(pictures), base / 2, 3);
  for (const [level, channels] of [base, 2 * base, 4 * base].entries()) {
    h = shrink(scope.child(`shrink${level + 1}`), norm(`shrink_norm${level + 1}`, h), channels);
    h = residualBlock(scope.child(`block${level + 1}`), h, normGroups);
  }
  return norm("norm", h);
}

/**
 * A network without shortcuts (Simonyan and Zisserman 2015, "Very deep convolutional networks"), with group normalisation: two
 * convolutions at the pictures' own width, at a half and at a quarter of it, each followed by its normalisation; its steps
 * down in size are means of 2 x 2.
 */
function plain(scope: Scope, pictures: Tensor, { baseChannels: base, normGroups }: ClassifierSizes): Tensor {
  let h = pictures;
  for (const [level, channels] of [base, 2 * base, 4 * base].entries()) {
    if (level > 0) h = averagePool2d(h);
    for (const layer of [1, 2]) {
      const name = `${level + 1}_${layer}`;
      const mixed = conv2d(scope.child(`conv${name}`), h, channels, 3);
      h = normalised(scope.child(`norm${name}`), mixed, normGroups);
    }
  }
  return h;
}

/** norm, SiLU, conv, norm, SiLU, conv, plus the input. */
function residualBlock(scope: Scope, x: Tensor, normGroups: number): Tensor {
  const channels = sizeAt("residual block", x.shape, 1);
  const h = conv2d(scope.child("conv1"), normalised(scope.child("norm1"), x, normGroups), channels, 3);
  return add(x, conv2d(scope.child("conv2"), normalised(scope.child("norm2"), h, normGroups), channels, 3));
}

/** Half the width and height by a 2 x 2 convolution with stride 2. */
function shrink(scope: Scope, x: Tensor, outputs: number): Tensor {
  const squares = spaceToDepth(x);
  const [batch, channels, height, width] = axisSizes("shrink", squares.shape, 4);
  const mixed = conv1d(scope, reshape(squares, [batch, channels, height * width]), outputs, 1);
  return reshape(mixed, [batch, outputs, height, width]);
}

/** Group normalisation and SiLU of pictures. */
function normalised(scope: Scope, x: Tensor, groups: number): Tensor {
  const [batch, channels, height, width] = axisSizes("normalised", x.shape, 4);
  const flat = reshape(x, [batch, channels, height * width]);
  return reshape(groupNorm(flat, groups, normAffine(scope, channels), true), x.shape);
}
