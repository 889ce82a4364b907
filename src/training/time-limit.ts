/** How long to train at most; not both. */
export interface TimeLimit {
  /** Train about so long at most, with fewer epochs where they do not fit; such a run is not reproducible. */
  readonly minutes?: number;
  /** The same in minutes of the processor's time, all threads together: on a busy machine as much work as on an idle one. */
  readonly coreMinutes?: number;
}

/** A clock to keep a limit by, in milliseconds. */
export interface Deadline {
  now(): number;
  /** Infinity where there is no limit. */
  readonly endsAt: number;
}

/** Time of the processor that this process has taken in all its threads, in milliseconds. */
export const processorTime = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** The clock of a limit that begins now. */
export function deadlineOf({ minutes, coreMinutes }: TimeLimit): Deadline {
  const now = coreMinutes === undefined ? () => performance.now() : processorTime;
  return { now, endsAt: now() + (coreMinutes ?? minutes ?? Infinity) * 60_000 };
}

/** Minutes of the limit that are left, at least 1. */
export const minutesLeft = ({ now, endsAt }: Deadline): number =>
  Math.max(1, Math.round((endsAt - now()) / 60_000));
