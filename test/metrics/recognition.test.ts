import { describe, expect, it } from "vitest";
import { type Answers, confusions, recognition } from "../../src/metrics/recognition.ts";

const categories = ["ant", "bus", "cat", "dog", "eye", "fan", "gun"];
const answers = (labels: readonly number[], ...logits: readonly (readonly number[])[]): Answers => ({
  categories,
  labels: Uint32Array.from(labels),
  logits: Float32Array.from(logits.flat()),
});

describe("recognition", () => {
  it("counts first guesses, first five and first among those asked for", () => {
    const measured = recognition(
      answers(
        [1, 1, 2, 2],
        [0, 9, 0, 0, 0, 0, 0], // bus: first
        [0, 5, 1, 9, 8, 7, 6], // bus: fifth, before cat
        [9, 8, 1, 7, 6, 5, 4], // cat: seventh, behind bus
        [9, 1, 8, 0, 0, 0, 0], // cat: second, before bus
      ),
    );
    expect(measured).toEqual({
      top1: 1 / 4,
      top5: 3 / 4,
      agreement: 3 / 4,
      perCategory: {
        bus: { count: 2, top1: 1 / 2, top5: 1 },
        cat: { count: 2, top1: 0, top5: 1 / 2 },
      },
    });
  });

  it("takes the first of equal logits", () => {
    const level = [1, 1, 1, 1, 1, 1, 1];
    expect(recognition(answers([0], level))).toMatchObject({ top1: 1, top5: 1, agreement: 1 });
    expect(recognition(answers([4], level))).toMatchObject({ top1: 0, top5: 1, agreement: 1 });
    expect(recognition(answers([5], level))).toMatchObject({ top1: 0, top5: 0, agreement: 1 });
    expect(recognition(answers([1, 4], level, level))).toMatchObject({ top1: 0, agreement: 1 / 2 });
  });

  it("says what does not fit", () => {
    expect(() => recognition(answers([]))).toThrow(/at least 1 drawing/);
    expect(() => recognition(answers([1], [1, 2]))).toThrow(/are 7 values, found 2/);
    expect(() => recognition(answers([7], [0, 0, 0, 0, 0, 0, 0]))).toThrow(/below 7.*found 7/);
    expect(() => recognition(answers([1], [0, NaN, 0, 0, 0, 0, 0]))).toThrow(/finite logits/);
  });
});

describe("confusions", () => {
  const says = (category: number) => categories.map((_, i) => (i === category ? 1 : 0));

  it("are the most frequent wrong pairs, equals in the order of the categories", () => {
    const given = answers(
      [3, 3, 3, 3, 0, 0, 1, 1],
      ...[2, 2, 3, 1, 1, 1, 0, 1].map((category) => says(category)),
    );
    const all = [
      { asked: "ant", said: "bus", count: 2, share: 1 },
      { asked: "dog", said: "cat", count: 2, share: 0.5 },
      { asked: "bus", said: "ant", count: 1, share: 0.5 },
      { asked: "dog", said: "bus", count: 1, share: 0.25 },
    ];
    expect(confusions(given, 20)).toEqual(all);
    expect(confusions(given, 3)).toEqual(all.slice(0, 3));
  });

  it("are none where all is right", () => {
    expect(confusions(answers([0, 5], says(0), says(5)), 5)).toEqual([]);
  });
});
