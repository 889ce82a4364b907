import { MOST_SEED } from "../state.ts";
import { words } from "../words.ts";
import { NumberField } from "./fields.tsx";

/** Which drawings: the same seed gives the same ones. */
export function SeedField({
  label = words.value.seed,
  seed,
  onChange,
}: {
  label?: string;
  seed: number;
  onChange: (seed: number) => void;
}) {
  return <NumberField label={label} value={seed} least={0} most={MOST_SEED} onChange={onChange} />;
}
