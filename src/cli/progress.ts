import { printable } from "../base/printable.ts";
import type { Progress } from "../workflows/reporter.ts";

const TERMINAL_INTERVAL = 100;
const PLAIN_INTERVAL = 10_000;

/** Shows on stderr how far something is: one changing line on a terminal, a plain line every few seconds elsewhere. */
export function progressBar(
  label: string,
  firstTotal: number | undefined,
  unit: string,
  quiet: boolean,
): Progress {
  const { stderr } = process;
  // A terminal that calls itself dumb knows no escape codes.
  const terminal = stderr.isTTY === true && process.env.TERM !== "dumb";
  const started = performance.now();
  let shown = terminal ? -Infinity : started;
  let total = firstTotal;
  let first: number | undefined;
  let latest: { done: number; detail: string } | undefined;

  const line = (done: number, detail: string): string => {
    const seconds = (performance.now() - started) / 1000;
    const rate = (done - (first ?? 0)) / seconds;
    const parts = [label, total === undefined ? `${done} ${unit}` : `${done}/${total} ${unit}`];
    if (rate > 0 && Number.isFinite(rate)) {
      parts.push(
        rate >= 1
          ? `${rate.toFixed(rate < 10 ? 1 : 0)} ${unit}/s`
          : `${(1 / rate).toFixed(1)} s/${singular(unit)}`,
      );
      if (total !== undefined && done < total) parts.push(`${duration((total - done) / rate)} left`);
    }
    if (detail !== "") parts.push(detail);
    return parts.join("  ");
  };
  const write = (done: number, detail: string) => {
    const text = printable(line(done, detail));
    stderr.write(terminal ? `\r\x1b[K${text.slice(0, (stderr.columns ?? 80) - 1)}` : `${text}\n`);
    latest = undefined;
  };
  return {
    update(done, detail = "", newTotal = total) {
      total = newTotal;
      first ??= Math.max(0, done - 1);
      latest = { done, detail };
      const now = performance.now();
      if (quiet || now - shown < (terminal ? TERMINAL_INTERVAL : PLAIN_INTERVAL)) return;
      shown = now;
      write(done, detail);
    },
    finish() {
      if (quiet) return;
      if (latest !== undefined) write(latest.done, latest.detail);
      if (terminal) stderr.write("\n");
    },
  };
}

const singular = (unit: string): string => unit.replace(/s$/, "");

/** Seconds for a person: 42 s, 3 min 20 s, 2 h 05 min. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const pad = (n: number) => String(n).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
}
