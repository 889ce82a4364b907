/** Factor on the learning rate in an epoch: linear warm-up, then half a cosine down to 0 (Loshchilov and Hutter 2017). */
export function learningRateFactor(epoch: number, epochs: number, warmupEpochs: number): number {
  if (epoch < warmupEpochs) return (epoch + 1) / warmupEpochs;
  return 0.5 * (1 + Math.cos((Math.PI * (epoch - warmupEpochs)) / (epochs - warmupEpochs)));
}
