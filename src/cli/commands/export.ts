import { join } from "node:path";
import { Command, Option } from "commander";
import { UsageError } from "../../base/errors.ts";
import { toModelOnnx } from "../../families/network.ts";
import { writeFileAtomically } from "../../files/atomic.ts";
import { lockFolder } from "../../files/lock.ts";
import { loadModel, saveModel, saveModelConfig } from "../../node/model.ts";
import { addOutputFlags, type CommonFlags } from "../common.ts";
import { addModelFlags, type ModelFlags, modelPath } from "../model-flags.ts";
import { output } from "../output.ts";

interface ExportFlags extends CommonFlags, ModelFlags {
  out: string;
  onnx?: boolean;
  safetensors?: boolean;
  half?: boolean;
  int8?: boolean;
}

export const exportCommand = (): Command =>
  addOutputFlags(
    addModelFlags(new Command("export"))
      .option("--out <folder>", "where the files go", "exported")
      .option(
        "--onnx",
        "model.onnx, or a file for each network of the family: for ONNX Runtime in any language, for any number of drawings; config.json, scheduler_config.json",
      )
      .option("--safetensors", "a model folder: model.safetensors, config.json, scheduler_config.json")
      .option("--half", "safetensors in half precision: half the bytes")
      .addOption(
        new Option(
          "--int8",
          "safetensors of 8 bits a number, with a scale for each row: a quarter",
        ).conflicts("half"),
      ),
  )
    .addHelpText(
      "after",
      `
What the network is fed and what it says: docs/export.md.

Examples:
  cizgi export --onnx
  cizgi export --model runs/birds --safetensors --half --out models/birds`,
    )
    .action(run);

async function run({
  model: folder,
  family,
  out,
  onnx,
  safetensors,
  half,
  int8,
  ...flags
}: ExportFlags): Promise<void> {
  if (!onnx && !safetensors) throw new UsageError("say what to write: --onnx, --safetensors or both.");
  if ((half || int8) && !safetensors)
    throw new UsageError(`${half ? "--half" : "--int8"} is for --safetensors; the ONNX model is in float32.`);
  const to = output(flags);
  const model = await loadModel(modelPath({ model: folder, family }));
  const networks = onnx ? toModelOnnx(model) : {};
  using _lock = await lockFolder(out);
  const files = await saveModelConfig(out, model.config);
  if (safetensors) {
    await saveModel(out, model, { precision: half ? "half" : int8 ? "int8" : "single" });
    files.push("model.safetensors");
  }
  for (const [name, bytes] of Object.entries(networks)) {
    await writeFileAtomically(join(out, `${name}.onnx`), bytes);
    files.push(`${name}.onnx`);
  }
  const paths = files.map((file) => join(out, file));
  to.result(paths.join("\n"), { out, files: paths });
}
