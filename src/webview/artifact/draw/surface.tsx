import type { JSX, RefObject } from "preact";

/** The id of the element beside a surface that says what is drawn on it. */
export const DESCRIPTION_ID = "shape-description";

interface SurfaceProps {
  readonly canvas: RefObject<HTMLCanvasElement | null>;
  /** What kind of picture it is, and of what. */
  readonly kind: string;
  readonly label: string;
}

/** What a picture is drawn on. It has the keyboard, as what the page is about. */
export function Surface({ canvas, kind, label }: SurfaceProps): JSX.Element {
  return (
    <canvas
      ref={canvas}
      class="shape-canvas"
      tabIndex={0}
      role="application"
      aria-roledescription={kind}
      aria-label={label}
      aria-describedby={DESCRIPTION_ID}
      data-main
    />
  );
}
