import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collect } from "../../src/base/collect.ts";
import { UserError } from "../../src/base/errors.ts";
import { loadModel, saveModel } from "../../src/node/model.ts";
import { sample } from "../../src/node/sample.ts";
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from "../../src/weights/safetensors.ts";
import { untrained } from "./tiny-model.ts";

const folder = mkdtempSync(join(tmpdir(), "cizgi-model-"));
afterAll(() => rmSync(folder, { recursive: true }));
const place = (...names: string[]) => join(folder, ...names);

const model = untrained();
beforeAll(() => saveModel(place("run", "model"), model));

describe("a saved model", () => {
  test.each([
    ["its folder", ["run", "model"]],
    ["the folder of its run", ["run"]],
    ["its file", ["run", "model", "model.safetensors"]],
  ])("is loaded from %s", async (_, names) => {
    expect(await loadModel(place(...names))).toEqual(model);
  });

  test("draws what it drew before", async () => {
    const options = { category: "bus", count: 2, seed: 3 };
    const before = await collect(sample(model, options));
    expect(await collect(sample(await loadModel(place("run")), options))).toEqual(before);
  });

  test("is a folder as others know it: PyTorch's names, diffusers' terms", async () => {
    const { tensors, metadata } = decodeSafetensors(
      readFileSync(place("run/model/model.safetensors")),
      "model",
    );
    for (const name of ["input_proj.weight", "down1.conv1.weight", "mid_attn.qkv.bias", "time_mlp.1.weight"])
      expect([...tensors.keys()]).toContain(name);
    expect(JSON.parse(metadata.config)).toEqual(model.config);
    expect(JSON.parse(readFileSync(place("run/model/config.json"), "utf8"))).toEqual(model.config);
    const scheduler = (of: string) => JSON.parse(readFileSync(place(of, "scheduler_config.json"), "utf8"));
    expect(scheduler("run/model")).toMatchObject({
      num_train_timesteps: 100,
      beta_schedule: "squaredcos_cap_v2",
      prediction_type: "v_prediction",
      timestep_spacing: "trailing",
      set_alpha_to_one: false,
    });
    await saveModel(place("noise"), untrained({ network: { prediction: "noise" } }));
    expect(scheduler("noise").prediction_type).toBe("epsilon");
  });

  test("of the layout before there were families is read as what it is now", async () => {
    const told = untrained({ network: { prefixConditioning: 0.3, maxGuidance: 4 } });
    const { format: _, categories, network, learnt, sampling } = told.config;
    const { prefixConditioning: beginnings, maxGuidance: mostGuidance, ...sizes } = network;
    const { steps: samplingSteps, ...draws } = sampling;
    const config = {
      format: 1,
      categories,
      ...sizes,
      beginnings,
      mostGuidance,
      ...learnt,
      samplingSteps,
      ...draws,
    };
    await saveModel(place("today"), told);
    const { tensors } = decodeSafetensors(readFileSync(place("today", "model.safetensors")), "model");
    const write = (over: object) =>
      writeFileSync(
        place("old.safetensors"),
        encodeSafetensors(tensors, { config: JSON.stringify({ ...config, ...over }) }),
      );
    write({});
    expect(await loadModel(place("old.safetensors"))).toEqual(told);
    write({ wings: true });
    await expect(loadModel(place("old.safetensors"))).rejects.toThrow(
      '(config): unknown key "network.wings".',
    );
  });

  test("replaces the one before it whole", async () => {
    const other = { ...model, weights: model.weights.map((weight) => weight + 1) };
    await saveModel(place("twice"), model);
    await saveModel(place("twice"), other);
    expect(await loadModel(place("twice"))).toEqual(other);
  });
});

describe("bad input", () => {
  async function refusal(path: string): Promise<string> {
    const error: unknown = await loadModel(path).then(
      () => "loaded",
      (reason) => reason,
    );
    expect(error).toBeInstanceOf(UserError);
    const { message } = error as UserError;
    expect(message).toContain(path);
    return message;
  }

  /** A file of the model's tensors, changed, or of another configuration. */
  function changed(config: object, change: (tensors: Map<string, StoredTensor>) => void = () => {}): string {
    const path = place("changed.safetensors");
    const { tensors } = decodeSafetensors(readFileSync(place("run/model/model.safetensors")), path);
    change(tensors);
    writeFileSync(path, encodeSafetensors(tensors, { config: JSON.stringify(config) }));
    return path;
  }
  const withNetwork = (over: object) => ({ ...model.config, network: { ...model.config.network, ...over } });

  test("nothing there: where it was looked for, and how to get one", async () => {
    expect(await refusal(place("nowhere"))).toMatch(/no model found there, .*train one with "cizgi train/);
    expect(await refusal(place("nowhere.safetensors"))).toContain("no model found there");
    mkdirSync(place("empty"));
    expect(await refusal(place("empty"))).toContain(place("empty", "model", "model.safetensors"));
    // A file is no folder to look into.
    expect(await refusal(place("run/model/config.json"))).toContain("no model found there");
  });

  test("cut short, or no safetensors at all", async () => {
    const path = place("cut.safetensors");
    const whole = readFileSync(place("run/model/model.safetensors"));
    for (const length of [0, 9, 500, whole.length - 4]) {
      writeFileSync(path, whole.subarray(0, length));
      expect(await refusal(path)).toContain("not a usable safetensors file");
    }
    const bytes = Buffer.from(whole);
    bytes.writeBigUInt64LE(2n ** 60n);
    writeFileSync(path, bytes);
    expect(await refusal(path)).toContain("its header is said to have 1152921504606846976 bytes");
  });

  test("tensors of another network", async () => {
    expect(await refusal(changed(withNetwork({ baseChannels: 16 })))).toMatch(
      /tensor ".*" has shape .*, the network needs .*; was it trained with another configuration\?/,
    );
    expect(
      await refusal(
        changed(model.config, (tensors) => tensors.delete("up_conv4.skip.bias") || tensors.clear()),
      ),
    ).toContain("is missing");
  });

  test("unknown key, newer format, sizes that do not fit, no configuration", async () => {
    expect(await refusal(changed(withNetwork({ prediciton: "v" })))).toContain(
      '(config): unknown key "network.prediciton". Did you mean "prediction"?',
    );
    expect(await refusal(changed({ ...model.config, format: 3, wings: true }))).toContain(
      "written by a newer cizgi (format 3, this one reads up to 2)",
    );
    expect(await refusal(changed(withNetwork({ attentionHeads: 7 })))).toContain(
      "network.attentionHeads: expected a divisor",
    );
    const path = place("bare.safetensors");
    writeFileSync(path, encodeSafetensors([], { format: "pt" }));
    expect(await refusal(path)).toContain("its metadata holds no model configuration");
  });

  test("a folder that cannot be written to is named", async () => {
    writeFileSync(place("file"), "in the way");
    await expect(saveModel(place("file", "model"), model)).rejects.toThrow(
      `cannot write into the folder ${place("file", "model")}`,
    );
  });
});

test("a damaged file of a run does not hide behind another", async () => {
  cpSync(place("run"), place("both"), { recursive: true });
  writeFileSync(place("both", "model.safetensors"), "not a model");
  await expect(loadModel(place("both"))).rejects.toThrow(place("both", "model.safetensors"));
  expect(existsSync(place("both", "model", "model.safetensors"))).toBe(true);
});
