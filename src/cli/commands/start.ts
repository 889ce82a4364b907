import { Command } from "commander";
import { presets } from "../../config/training.ts";
import { runTraining } from "./train.ts";

/** Where `npm start` puts its run: a new folder each time, so that nothing is overwritten. */
const freshFolder = (): string => `runs/${new Date().toISOString().slice(0, 19).replace(/[:T]/g, "-")}`;

/** Leaves time for the rest within five minutes. */
const TRAINING_MINUTES = 3.5;

/** The main job with nothing configured: what `npm start` runs. */
export const startCommand = (): Command =>
  new Command("start")
    .addHelpText("after", "\nExamples:\n  cizgi start\n  CIZGI_DATA=quickdraw/simplified cizgi start")
    .action(() =>
      runTraining(presets.quick, {
        out: freshFolder(),
        device: "cpu",
        threads: 0,
        minutes: TRAINING_MINUTES,
      }),
    );
