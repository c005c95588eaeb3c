import type { JSX } from "preact";
import { Icon } from "../kit/icon.tsx";

interface ToolProps {
  readonly icon: string;
  readonly label: string;
  /** Of a button that stays down. */
  readonly pressed?: boolean;
  readonly onClick: () => void;
}

/** A button with an icon alone. */
export function Tool({ icon, label, pressed, onClick }: ToolProps): JSX.Element {
  return (
    <button
      type="button"
      class={`icon-button ${pressed === true ? "pressed" : ""}`}
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
