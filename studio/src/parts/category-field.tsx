import { categories } from "virtual:model";
import { CATEGORIES, findCategories } from "cizgi/web";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { language, nameOf, words } from "../words.ts";

/** Category names of the other language, for those who know only that. */
const otherName = (category: string): string => nameOf(category, language.value === "en" ? "tr" : "en");

/** What a query means of some categories; those that are none of Quick, Draw!'s are found by what they are called. */
function foundAmong(among: readonly string[], query: string): readonly string[] {
  const typed = query.trim().toLowerCase();
  if (typed === "") return among;
  const own = among.filter((name) => !CATEGORIES.includes(name) && name.toLowerCase().includes(typed));
  return [...findCategories(query, CATEGORIES).filter((name) => among.includes(name)), ...own];
}

/** A text field that finds categories by English, Turkish and other names while one types. */
export function CategoryField({
  category,
  among = categories,
  label = words.value.category,
  onChoose,
}: {
  category: string;
  /** What there is to choose from. */
  among?: readonly string[];
  label?: string;
  onChoose: (category: string) => void;
}) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState<string>();
  const [active, setActive] = useState(0);
  const open = query !== undefined;
  const found = open ? foundAmong(among, query) : [];
  const close = () => setQuery(undefined);
  const choose = (chosen: string | undefined) => {
    close();
    if (chosen !== undefined && chosen !== category) onChoose(chosen);
  };
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active, query]);

  return (
    <div class="category">
      <input
        type="text"
        role="combobox"
        aria-label={label}
        aria-expanded={open}
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={open && found.length > 0 ? `${id}-${active}` : undefined}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        value={query ?? nameOf(category)}
        onFocus={({ currentTarget }) => currentTarget.select()}
        onClick={() => {
          setQuery(query ?? "");
          setActive(Math.max(0, among.indexOf(category)));
        }}
        onInput={({ currentTarget }) => {
          setQuery(currentTarget.value);
          setActive(0);
        }}
        onBlur={close}
        onKeyDown={(event) => {
          // What was found is chosen, and the focus goes on as ever.
          if (event.key === "Tab" && open) return choose(found[active]);
          const last = found.length - 1;
          if (event.key === "Escape") close();
          else if (event.key === "Enter") choose(found[active]);
          else if (event.key === "ArrowDown") {
            if (open) setActive(Math.min(active + 1, last));
            else setQuery("");
          } else if (event.key === "ArrowUp") setActive(Math.max(active - 1, 0));
          else return;
          event.preventDefault();
        }}
      />
      <span class="also" aria-hidden="true">
        {otherName(category)}
      </span>
      {open && (
        <div ref={list} id={id} role="listbox" aria-label={label}>
          {found.map((name, i) => (
            <div
              key={name}
              id={`${id}-${i}`}
              role="option"
              tabIndex={-1}
              aria-selected={i === active}
              // Before the field loses the focus, and with it the list.
              onPointerDown={(event) => {
                event.preventDefault();
                choose(name);
              }}
            >
              {nameOf(name)} <span>{otherName(name)}</span>
            </div>
          ))}
          {found.length === 0 && <div class="none">{words.value.nothingFound}</div>}
        </div>
      )}
    </div>
  );
}
