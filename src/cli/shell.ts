import { relative } from "node:path";
import { SHIPPED_MODEL } from "../node/model.ts";

/** What shells take as it is, anywhere in a word. */
const PLAIN = /^[\p{L}\p{N}_./:,-]+$/u;
const PLAIN_ON_WINDOWS = /^[\p{L}\p{N}_./:,\\-]+$/u;

/** A word of a command that a person may copy: in quotes where a shell would take it for something else. */
export function shellQuoted(word: string, platform: NodeJS.Platform = process.platform): string {
  if (platform === "win32") return PLAIN_ON_WINDOWS.test(word) ? word : `"${word}"`;
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The model that ships as a word of a command: in a clone as in a project that has it installed. */
export function shippedModel(): string {
  const near = relative(process.cwd(), SHIPPED_MODEL);
  return shellQuoted(near.startsWith("..") ? SHIPPED_MODEL : near);
}
