import type { RandomStream } from "../../base/random.ts";

/** A temperature of 0 would divide by 0; what is far below any difference of logits does the same. */
const COLDEST = 1e-6;

/** One of the places of `logits`, as likely as softmax(logits / temperature) says; takes one number of the stream. */
export function pick(logits: Float32Array, temperature: number, stream: RandomStream): number {
  const largest = Math.max(...logits);
  const weights = Array.from(logits, (logit) => Math.exp((logit - largest) / Math.max(temperature, COLDEST)));
  let left = stream.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  // A uniform number is so far below 1 that rounding leaves nothing after the last one.
  return weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
}
