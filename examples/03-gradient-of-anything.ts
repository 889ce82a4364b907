// The graph engine by itself: a loss and its gradients as one ONNX graph, run until a circle fits its points.
// npx tsx examples/03-gradient-of-anything.ts [FILE.onnx]
import { writeFile } from "node:fs/promises";
import { compile } from "cizgi";
import { gradients, input, mean, mul, sub, sum, toOnnx } from "cizgi/graph";

// 64 points near a circle around (0.5, -0.3) with a radius of 0.8.
const data = Float32Array.from({ length: 128 }, (_, i) => {
  const angle = (Math.floor(i / 2) / 64) * 2 * Math.PI;
  const radius = 0.8 + 0.02 * Math.sin(37 * angle);
  return i % 2 === 0 ? 0.5 + radius * Math.cos(angle) : -0.3 + radius * Math.sin(angle);
});

const points = input("points", [64, 2]);
const centre = input("centre", [1, 2]);
const squaredRadius = input("squaredRadius", [1, 1]);
const offset = sub(points, centre);
const error = sub(sum(mul(offset, offset), [1]), squaredRadius);
const loss = mean(mul(error, error));
const [dCentre, dSquaredRadius] = gradients(loss, [centre, squaredRadius]);

const outputs = { loss, dCentre, dSquaredRadius };
const [file] = process.argv.slice(2);
if (file !== undefined) await writeFile(file, toOnnx(outputs));

const program = await compile(outputs);
const guess = { centre: new Float32Array(2), squaredRadius: Float32Array.of(1) };
const descend = (value: Float32Array, slope: Float32Array) => value.map((v, i) => v - 0.1 * slope[i]);
for (let step = 0; step <= 200; step++) {
  const now = await program.run({ points: data, ...guess });
  if (step % 50 === 0) console.log(`step ${step}: loss ${now.loss[0].toExponential(2)}`);
  guess.centre = descend(guess.centre, now.dCentre);
  guess.squaredRadius = descend(guess.squaredRadius, now.dSquaredRadius);
}
await program.dispose();
const [x, y] = guess.centre;
console.log(
  `centre (${x.toFixed(2)}, ${y.toFixed(2)}), radius ${Math.sqrt(guess.squaredRadius[0]).toFixed(2)}`,
);
