/** Keeps what was compiled for a number of rows until it is asked for another number. */
export function keepLast<P extends { dispose(): Promise<void> }>(compile: (rows: number) => Promise<P>) {
  let kept: { readonly rows: number; readonly program: P } | undefined;
  async function dispose(): Promise<void> {
    await kept?.program.dispose();
    kept = undefined;
  }
  async function get(rows: number): Promise<P> {
    if (kept?.rows !== rows) {
      await dispose();
      kept = { rows, program: await compile(rows) };
    }
    return kept.program;
  }
  return { get, dispose };
}
