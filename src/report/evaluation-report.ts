import { join } from "node:path";
import { ensureWritableFolder, writeFileAtomically } from "../files/atomic.ts";
import type { Evaluation } from "../metrics/evaluation.ts";
import { evaluationPage } from "./evaluation-page.ts";
import { type EvaluationDrawings, evaluationPictures } from "./evaluation-pictures.ts";
import { evaluationMarkdown } from "./evaluation-table.ts";
import { writeJson, writePicture } from "./write.ts";

/**
 * Writes `metrics.json`, `table.md`, `report.html` and its pictures as SVG and PNG into the folder: `grid` (real beside generated
 * drawings), `categories` (where the network knows them), `neighbours` (where there are training drawings).
 * @throws UserError naming the file that cannot be written; files are whole or as they were.
 */
export async function writeEvaluationReport(
  folder: string,
  evaluation: Evaluation,
  drawings: EvaluationDrawings,
): Promise<void> {
  await ensureWritableFolder(folder);
  await writeJson(join(folder, "metrics.json"), evaluation);
  await writeFileAtomically(join(folder, "table.md"), evaluationMarkdown(evaluation));
  const pictures = evaluationPictures(evaluation, drawings);
  for (const { name, svg } of pictures) await writePicture(join(folder, name), svg);
  await writeFileAtomically(join(folder, "report.html"), await evaluationPage(evaluation, pictures));
}
