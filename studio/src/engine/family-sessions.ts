import { families } from "virtual:model";
import { decodeModel, type FamilyName, openSession, type Runtime, type Session } from "cizgi/web";
import { download } from "./download.ts";

/** The models of families: had when they are first asked for, and kept. */
export interface FamilySessions {
  /** Begins to fetch models, one after the other: the first need not wait for the last. */
  fetch(names: readonly FamilyName[]): void;
  open(name: FamilyName): Promise<Session>;
}

export function familySessions(
  runtime: Runtime,
  progressOf: (name: FamilyName, file: FetchedFile) => (received: number) => void,
): FamilySessions {
  const files = new Map<FamilyName, Promise<ArrayBuffer>>();
  const sessions = new Map<FamilyName, Session>();
  let last: Promise<unknown> = Promise.resolve();

  function fetchOne(name: FamilyName): Promise<ArrayBuffer> {
    const known = files.get(name);
    if (known) return known;
    const file = fileOf(name);
    const content = last.then(() => download(file, progressOf(name, file)));
    // It may fail before anything waits for it.
    last = content.catch(() => undefined);
    files.set(name, content);
    return content;
  }

  return {
    fetch(names) {
      for (const name of names) if (!sessions.has(name)) fetchOne(name);
    },
    async open(name) {
      const known = sessions.get(name);
      if (known) return known;
      const model = decodeModel(new Uint8Array(await fetchOne(name)), `${name}/model.safetensors`);
      const session = openSession(model, runtime);
      sessions.set(name, session);
      files.delete(name);
      return session;
    },
  };
}

function fileOf(name: FamilyName): FetchedFile {
  if (families === undefined) throw new Error(`this page has no model of ${name}`);
  return families.models[name];
}
