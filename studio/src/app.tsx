import { can } from "./can.ts";
import { engineState } from "./engine/engine.ts";
import { Settings } from "./parts/settings.tsx";
import { Status } from "./parts/status.tsx";
import { type View, view, views } from "./state.ts";
import { BetweenView } from "./views/between.tsx";
import { DrawView } from "./views/draw.tsx";
import { TogetherView } from "./views/together.tsx";
import { VaryView } from "./views/vary.tsx";
import { WaysView } from "./views/ways.tsx";
import { language, languages, speak, words } from "./words.ts";

const viewOf: Readonly<Record<View, () => preact.JSX.Element>> = {
  draw: DrawView,
  together: TogetherView,
  vary: VaryView,
  between: BetweenView,
  ways: WaysView,
};

export function App() {
  const Shown = viewOf[view.value];
  const { views: names, language: languageWord, about } = words.value;
  const state = engineState.value;
  return (
    <>
      <header>
        <h1>çizgi</h1>
        <nav>
          {views.filter(can).map((name) => (
            <a key={name} href={`#${name}`} aria-current={name === view.value ? "page" : undefined}>
              {names[name]}
            </a>
          ))}
        </nav>
        <fieldset class="languages" aria-label={languageWord}>
          {languages.map((name) => (
            <button
              key={name}
              type="button"
              class="quiet"
              lang={name}
              aria-pressed={name === language.value}
              onClick={() => speak(name)}
            >
              {name === "en" ? "English" : "Türkçe"}
            </button>
          ))}
        </fieldset>
      </header>
      <main>
        <Shown key={view.value} />
      </main>
      <footer>
        {state.is === "ready" && view.value !== "ways" && <Settings model={state.model} />}
        <Status />
        <p class="about">{about}</p>
      </footer>
    </>
  );
}
