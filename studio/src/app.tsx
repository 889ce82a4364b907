import { can } from "./can.ts";
import { Settings } from "./parts/settings.tsx";
import { Status } from "./parts/status.tsx";
import { type View, view, views } from "./state.ts";
import { BetweenFields, BetweenView } from "./views/between.tsx";
import { DrawFields, DrawView } from "./views/draw.tsx";
import { TogetherFields, TogetherView } from "./views/together.tsx";
import { VaryFields, VaryView } from "./views/vary.tsx";
import { WaysFields, WaysView } from "./views/ways.tsx";
import { language, languages, speak, words } from "./words.ts";

/** What a view shows, and what of it is under Settings. */
const viewOf: Readonly<Record<View, Readonly<Record<"Shown" | "Fields", () => preact.JSX.Element>>>> = {
  draw: { Shown: DrawView, Fields: DrawFields },
  together: { Shown: TogetherView, Fields: TogetherFields },
  vary: { Shown: VaryView, Fields: VaryFields },
  between: { Shown: BetweenView, Fields: BetweenFields },
  ways: { Shown: WaysView, Fields: WaysFields },
};

export function App() {
  const { Shown, Fields } = viewOf[view.value];
  const { views: names, language: languageWord, about } = words.value;
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
        <Settings>
          <Fields />
        </Settings>
        <Status />
        <p class="about">{about}</p>
      </footer>
    </>
  );
}
