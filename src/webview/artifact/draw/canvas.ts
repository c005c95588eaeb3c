import { useEffect, useLayoutEffect, useState } from "preact/hooks";

/** How large an element is, in pixels of the page. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** How large an element is, as it changes. */
export function useSize(element: { readonly current: HTMLElement | null }): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return;
    const measure = (): void => {
      setSize({ width: current.clientWidth, height: current.clientHeight });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => {
      observer.disconnect();
    };
  }, []);
  return size;
}

/** Counts up when the theme changes: what is drawn has to be drawn anew. */
export function useTheme(): number {
  const [theme, setTheme] = useState(0);
  useEffect(() => {
    const observer = new MutationObserver(() => {
      setTheme((count) => count + 1);
    });
    observer.observe(document.body, { attributes: true, attributeFilter: ["class"] });
    return () => {
      observer.disconnect();
    };
  }, []);
  return theme;
}

/** A canvas made as sharp as the screen, empty, with pixels of the page for units; `undefined` while it has no size. */
export function contextOf(
  canvas: HTMLCanvasElement | null,
  { width, height }: Size,
): CanvasRenderingContext2D | undefined {
  const context = canvas?.getContext("2d");
  if (canvas === null || context === null || context === undefined || width < 1 || height < 1)
    return undefined;
  const scale = window.devicePixelRatio;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  context.setTransform(scale, 0, 0, scale, 0, 0);
  return context;
}

/** A colour, or a font, of the theme. */
export function themed(name: string, otherwise: string): string {
  const value = getComputedStyle(document.body).getPropertyValue(name).trim();
  return value === "" ? otherwise : value;
}

/** The theme's font and colours for what is written beside a drawing. */
export function inkOf(): {
  readonly text: string;
  readonly dim: string;
  readonly line: string;
  readonly font: string;
} {
  const text = themed("--vscode-foreground", "gray");
  return {
    text,
    dim: themed("--vscode-descriptionForeground", text),
    line: themed(
      "--vscode-contrastBorder",
      themed("--vscode-editorIndentGuide-background1", "rgb(128 128 128 / 0.3)"),
    ),
    font: `11px ${themed("--vscode-font-family", "sans-serif")}`,
  };
}
