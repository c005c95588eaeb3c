import { useEffect, useRef } from "preact/hooks";

/** What a person does to a drawing, in pixels of its element. */
export interface Gestures {
  /** The pointer is over a place. */
  readonly hover: (x: number, y: number) => void;
  readonly drag: (dx: number, dy: number) => void;
  /** By the wheel: below 1 is nearer. */
  readonly zoom: (factor: number, x: number, y: number) => void;
  /** By an arrow key: one step to a side, ten with Shift. */
  readonly step: (dx: number, dy: number) => void;
  /** By `+` and `-`. */
  readonly zoomKey: (factor: number) => void;
  /** By `0` or Escape, or a double click. */
  readonly reset: () => void;
}

/** How much nearer a key goes. */
const KEY_FACTOR = 0.6;

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  PageUp: [0, -10],
  PageDown: [0, 10],
  Home: [-1e9, 0],
  End: [1e9, 0],
};

/** Listens to pointer, wheel and keys of an element. */
export function useGestures(element: { readonly current: HTMLElement | null }, gestures: Gestures): void {
  const latest = useRef(gestures);
  latest.current = gestures;
  useEffect(() => {
    const { current } = element;
    if (current === null) return;
    const stop = new AbortController();
    const listen = <E extends keyof HTMLElementEventMap>(
      name: E,
      listener: (event: HTMLElementEventMap[E]) => void,
    ): void => {
      current.addEventListener(name, listener, { signal: stop.signal, passive: false });
    };
    listen("pointerdown", ({ pointerId, button }) => {
      if (button === 0) current.setPointerCapture(pointerId);
    });
    listen("pointermove", (event) => {
      if (current.hasPointerCapture(event.pointerId)) latest.current.drag(event.movementX, event.movementY);
      else latest.current.hover(event.offsetX, event.offsetY);
    });
    listen("dblclick", () => {
      latest.current.reset();
    });
    listen("wheel", (event) => {
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 20 : event.deltaY;
      latest.current.zoom(Math.exp(Math.max(-1, Math.min(1, lines / 300))), event.offsetX, event.offsetY);
    });
    listen("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (pressed(event, latest.current)) event.preventDefault();
    });
    return () => {
      stop.abort();
    };
  }, []);
}

function pressed({ key, shiftKey }: KeyboardEvent, gestures: Gestures): boolean {
  const arrow = ARROWS[key];
  const times = shiftKey ? 10 : 1;
  if (arrow !== undefined) gestures.step(arrow[0] * times, arrow[1] * times);
  else if (key === "+" || key === "=") gestures.zoomKey(KEY_FACTOR);
  else if (key === "-" || key === "_") gestures.zoomKey(1 / KEY_FACTOR);
  else if (key === "0" || key === "Escape") gestures.reset();
  else return false;
  return true;
}
