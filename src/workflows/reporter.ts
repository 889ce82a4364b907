/** How far something is. */
export interface Progress {
  /** `done` of the total; `detail` is shown behind the rate; `total` where it is another than before. */
  update(done: number, detail?: string, total?: number): void;
  /** Nothing more will come. */
  finish(): void;
}

/** Who is told how work goes on. */
export interface Reporter {
  /** A sentence for a person. */
  note(text: string): void;
  /** Something that takes a while begins. */
  progress(label: string, total: number | undefined, unit: string): Progress;
}

/** Tells nobody. */
export const silent: Reporter = {
  note() {},
  progress: () => ({ update() {}, finish() {} }),
};
