import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

/** At the end of an import's path: `import { url, bytes, sha256 } from "./model.safetensors?fetched"`. */
const FETCHED = "?fetched";

/** Files that the page fetches itself: their address, and what tells whether they arrived as they were built. */
export function fetchedFiles(): Plugin {
  return {
    name: "fetched-files",
    enforce: "pre",
    async resolveId(id, importer) {
      if (!id.endsWith(FETCHED)) return undefined;
      const found = await this.resolve(id.slice(0, -FETCHED.length), importer, { skipSelf: true });
      return found && `${found.id}${FETCHED}`;
    },
    load(id) {
      if (!id.endsWith(FETCHED)) return undefined;
      const path = id.slice(0, -FETCHED.length);
      const content = readFileSync(path);
      return `export { default as url } from ${JSON.stringify(`${path}?url`)};
export const bytes = ${content.length};
export const sha256 = ${JSON.stringify(createHash("sha256").update(content).digest("hex"))};`;
    },
  };
}
