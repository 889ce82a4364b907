import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import MarkdownIt, { type Token } from "markdown-it";
import type { Plugin } from "vite";
import { familyNames } from "../src/families/registry.ts";

/** Where the pages lie in the build. */
const FOLDER = "families";
const OVERVIEW = "README";

/** Where a link of a document leads from its page; nowhere where the build has nothing of it. */
function target(href: string): string | undefined {
  if (/^https?:/.test(href)) return href;
  const [path = "", anchor] = href.split("#");
  if (/^[\w-]+\.md$/.test(path)) return path.replace(/md$/, "html") + (anchor ? `#${anchor}` : "");
  return path.startsWith("../pictures/") ? `./${basename(path)}` : undefined;
}

/** The tokens with links as they are to be on the page; what leads nowhere is left as text. */
function relinked(tokens: readonly Token[]): Token[] {
  const open: boolean[] = [];
  return tokens.filter((token) => {
    if (token.type === "image") token.attrSet("src", target(token.attrGet("src") ?? "") ?? "");
    if (token.type === "link_open") {
      const to = target(token.attrGet("href") ?? "");
      open.push(to !== undefined);
      if (to !== undefined) token.attrSet("href", to);
      return to !== undefined;
    }
    return token.type !== "link_close" || open.pop();
  });
}

const markdown = new MarkdownIt();
markdown.core.ruler.push("relink", ({ tokens }) => {
  for (const token of tokens) if (token.children) token.children = relinked(token.children);
});

function pageOf(text: string): string {
  const [, title = "cizgi"] = /^# (.*)$/m.exec(text) ?? [];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="./style.css">
<title>${markdown.utils.escapeHtml(title.replaceAll("`", ""))} · çizgi</title>
</head>
<body>
<nav><a href="../#ways">çizgi</a></nav>
<main>
${markdown.render(text)}</main>
</body>
</html>
`;
}

/**
 * The documents of the families as pages of the build: one for each family, that of all of them where it has none.
 * @param documents their folder.
 */
export function familyPages(documents: string, style: string): Plugin {
  return {
    name: "family-pages",
    generateBundle() {
      const emit = (name: string, source: string | Uint8Array) =>
        this.emitFile({ type: "asset", fileName: `${FOLDER}/${name}`, source });
      const written = readdirSync(documents).filter((name) => name.endsWith(".md"));
      const names = new Set([...written.map((name) => basename(name, ".md")), ...familyNames]);
      for (const name of names) {
        const own = join(documents, `${name}.md`);
        const text = readFileSync(existsSync(own) ? own : join(documents, `${OVERVIEW}.md`), "utf8");
        emit(`${name}.html`, pageOf(text));
        for (const [, picture = ""] of text.matchAll(/\]\((\.\.\/pictures\/[^)]+)\)/g))
          emit(basename(picture), readFileSync(join(documents, picture)));
      }
      emit("style.css", readFileSync(style, "utf8"));
    },
  };
}
