import { type GeneratedSketch, gridSvg, inColumns, toNdjson, toSvg } from "cizgi/web";
import { toGif } from "./engine/engine.ts";
import { columnsOf, onOneSheet } from "./one-sheet.ts";

export const formats = ["svg", "animated", "png", "gif", "ndjson"] as const;
export type Format = (typeof formats)[number];

/** Pixels of a PNG for one of its SVG. */
const SCALE = 4;

/** Offers drawings as a file; what moves draws them one after the other. */
export async function save(
  sketches: readonly GeneratedSketch[],
  format: Format,
  title: string,
): Promise<void> {
  const [first] = sketches;
  if (first === undefined) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await toFile(sketches, format, title));
  link.download = `${first.word ?? "drawing"}-${first.seed}.${format === "animated" ? "svg" : format}`;
  link.click();
  URL.revokeObjectURL(link.href);
}

async function toFile(sketches: readonly GeneratedSketch[], format: Format, title: string): Promise<Blob> {
  const [only, ...others] = sketches;
  const svg = () =>
    only && others.length === 0
      ? toSvg(only, { title })
      : gridSvg(inColumns(sketches, columnsOf(sketches.length)), { title });
  switch (format) {
    case "svg":
      return new Blob([svg()], { type: "image/svg+xml" });
    case "animated":
      return new Blob([toSvg(onOneSheet(sketches), { title, animated: true })], { type: "image/svg+xml" });
    case "png":
      return toPng(svg());
    case "gif":
      return new Blob([await toGif(onOneSheet(sketches))], { type: "image/gif" });
    case "ndjson":
      return new Blob(sketches.map(toNdjson), { type: "application/x-ndjson" });
  }
}

/** An SVG as a PNG, drawn by the browser. */
async function toPng(svg: string): Promise<Blob> {
  const picture = new Image();
  // No data: address, which some hosts' rules forbid.
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  picture.src = url;
  await picture.decode().finally(() => URL.revokeObjectURL(url));
  const canvas = document.createElement("canvas");
  canvas.width = picture.naturalWidth * SCALE;
  canvas.height = picture.naturalHeight * SCALE;
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error("the browser made no PNG"))),
      "image/png",
    ),
  );
}
