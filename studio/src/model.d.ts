/** A file that the page fetches itself. */
interface FetchedFile {
  readonly url: string;
  /** Its size. */
  readonly bytes: number;
  /** Of its content, in hexadecimal digits. */
  readonly sha256: string;
}

declare module "*?fetched" {
  export const url: string;
  export const bytes: number;
  export const sha256: string;
}

declare module "virtual:model" {
  import type { FamilyName } from "cizgi/web";

  /** The model's weights. */
  export const file: FetchedFile;
  /** What it draws. */
  export const categories: readonly string[];
  /** The weights of a model of each family, and what all of them draw; undefined where the build did not find them all. */
  export const families:
    | {
        readonly categories: readonly string[];
        readonly models: Readonly<Record<FamilyName, FetchedFile>>;
      }
    | undefined;
}
