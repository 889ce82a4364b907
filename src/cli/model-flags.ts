import { type Command, Option } from "commander";
import { familyNames } from "../families/registry.ts";
import { familyModel, SHIPPED_MODEL } from "../node/model.ts";

/** Which model a command works with. */
export interface ModelFlags {
  model: string;
  family?: string | undefined;
}

export const addModelFlags = (command: Command): Command =>
  command
    .option("--model <path>", "a model or run folder; the one that ships unless given", SHIPPED_MODEL)
    .addOption(
      new Option(
        "--family <name>",
        `the model of another family that ships, of ten categories: ${familyNames.join(", ")}`,
      ).conflicts("model"),
    );

/** The model's folder, or its file. */
export const modelPath = ({ model, family }: ModelFlags): string =>
  family === undefined ? model : familyModel(family);
