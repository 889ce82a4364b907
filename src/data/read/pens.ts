type Columns = readonly (readonly number[])[];

/** For each row of a drawing whether the pen is lifted behind it, and how many rows are points. */
export type PenReader = (drawing: Columns) => { lifted: readonly number[]; length: number };

const isFlag = (value: number): boolean => value === 0 || value === 1;

/**
 * How the columns behind (dx, dy) say what the pen does, decided once for all drawings of an array. Of Sketch-RNN (Ha and
 * Eck 2018): one column, whether it is lifted behind the point; three, one of (it draws on, it is lifted, the drawing has
 * ended before). Two columns are (it draws on, it is lifted) or (it is lifted, the drawing ends). Undefined for others.
 */
export function penReader(width: number, drawings: () => Iterable<Columns>): PenReader | undefined {
  if (width === 3) return ([dx = [], , lifted = []]) => ({ lifted, length: dx.length });
  if (width === 5) return ([, , , lifted = [], ended = []]) => ({ lifted, length: lengthUntil(ended) });
  if (width !== 4) return undefined;
  const every = (test: (drawing: Columns) => boolean): boolean => {
    for (const drawing of drawings()) if (!test(drawing)) return false;
    return true;
  };
  if (every(([, , on = [], lifted = []]) => on.every((value, i) => isFlag(value) && lifted[i] === 1 - value)))
    return ([dx = [], , , lifted = []]) => ({ lifted, length: dx.length });
  if (every(([, , lifted = [], ends = []]) => lifted.every(isFlag) && ends.every(isFlag)))
    return ([dx = [], dy = [], lifted = [], ends = []]) => {
      const length = lengthUntil(ends);
      const moves = length < dx.length && (dx[length] !== 0 || dy[length] !== 0);
      return { lifted, length: moves ? length + 1 : length };
    };
  return undefined;
}

/** The rows before the first flag. */
function lengthUntil(flags: readonly number[]): number {
  const at = flags.findIndex((flag) => flag > 0.5);
  return at < 0 ? flags.length : at;
}
