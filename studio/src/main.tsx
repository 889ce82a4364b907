import { effect } from "@preact/signals";
import { render } from "preact";
import { App } from "./app.tsx";
import { openEngine } from "./engine/engine.ts";
import { keepPad, restorePad } from "./kept-pad.ts";
import { followLinks } from "./link.ts";
import { clear } from "./sheet.ts";
import { view } from "./state.ts";
import { language, words } from "./words.ts";
import "./style.css";

restorePad();
followLinks();
keepPad();
openEngine();
// A view begins with an empty sheet.
effect(() => {
  view.value;
  clear();
});
effect(() => {
  document.documentElement.lang = language.value;
  document.title = words.value.title;
});
const place = document.querySelector("#page");
if (place) render(<App />, place);
if (import.meta.env.PROD) navigator.serviceWorker?.register("./service-worker.js");
