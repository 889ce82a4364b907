/** A button that is a picture; its name is said, and shown below the pointer. */
export function IconButton({
  name,
  icon,
  pressed,
  disabled = false,
  onClick,
}: {
  name: string;
  /** Path data, in a square of 24. */
  icon: string;
  pressed?: boolean;
  disabled?: boolean;
  onClick: () => void;
}) {
  return (
    <button
      type="button"
      class="round"
      title={name}
      aria-label={name}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onClick}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d={icon} />
      </svg>
    </button>
  );
}
