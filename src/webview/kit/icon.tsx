import type { JSX } from "preact";

/** One of VS Code's own icons; decoration only, so it has no name for a screen reader. */
export function Icon({ name, spin }: { readonly name: string; readonly spin?: boolean }): JSX.Element {
  return (
    <span
      class={`codicon codicon-${name}${spin === true ? " codicon-modifier-spin" : ""}`}
      aria-hidden="true"
    />
  );
}
