import "./shapes.css";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Image } from "../../../protocol/image.ts";
import { formatBytes, formatCount } from "../../kit/format.ts";
import { Icon } from "../../kit/icon.tsx";
import { say } from "../say.ts";
import { useAnswer } from "../useAnswer.ts";
import type { ViewProps } from "../views.ts";

type Pixels = Extract<Image, { readonly kind: "pixels" }>;
type File = Extract<Image, { readonly kind: "file" }>;

/** How much nearer or further a press of a button goes, and how far. */
const STEP = 1.5;
const NEAREST = 64;
const FURTHEST = 1 / 64;

/** An array, or a file of an image, as an image. */
export function ImageView({ viewer, subject, name }: ViewProps): JSX.Element {
  const { row } = subject;
  const { answer: image, problem } = useAnswer(
    async (signal) => viewer.ask("image", { node: row.id }, signal),
    [row.id, row.length],
  );
  /** `undefined`: as large as there is room for. */
  const [zoom, setZoom] = useState<number>();
  const place = useRef<HTMLDivElement>(null);
  if (image === undefined) return <p class="waiting">{problem ?? say("reading", name)}</p>;
  if (image === null) return <p class="waiting">{say("noImage")}</p>;
  const words = wordsOf(image);
  if (image.kind === "large") return <p class="waiting">{say("tooLargeImage", words)}</p>;
  const fitting = (): number => {
    const { clientWidth = 1, clientHeight = 1 } = place.current ?? {};
    return Math.min((clientWidth - 24) / image.width, (clientHeight - 24) / image.height);
  };
  const zoomBy = (factor: number): void => {
    setZoom((now) => Math.max(FURTHEST, Math.min(NEAREST, (now ?? fitting()) * factor)));
  };
  const style =
    zoom === undefined
      ? { maxWidth: "100%", maxHeight: "100%", ...(isSmall(image) && { width: "min(100%, 320px)" }) }
      : { width: `${image.width * zoom}px`, height: `${image.height * zoom}px` };
  const shape = {
    label: say("imageOf", name, words),
    style,
    sharp: zoom === undefined ? isSmall(image) : zoom > 1,
  };
  return (
    <section class="shape">
      <div class="shape-bar" role="toolbar" aria-label={say("viewImage")}>
        <Choice
          word={say("zoomFit")}
          pressed={zoom === undefined}
          onClick={() => {
            setZoom(undefined);
          }}
        />
        <Choice
          word="100 %"
          pressed={zoom === 1}
          onClick={() => {
            setZoom(1);
          }}
        />
        <IconButton
          icon="zoom-out"
          word={say("zoomOut")}
          onClick={() => {
            zoomBy(1 / STEP);
          }}
        />
        <IconButton
          icon="zoom-in"
          word={say("zoomIn")}
          onClick={() => {
            zoomBy(STEP);
          }}
        />
        <span class="dim">{zoom !== undefined && `${formatCount(Math.round(zoom * 100))} %`}</span>
      </div>
      {/* Scrollable, so the keyboard must reach it. */}
      <div
        ref={place}
        class={`image-place ${zoom === undefined ? "fits" : ""}`}
        tabIndex={0}
        role="group"
        aria-label={say("viewImage")}
        data-main
      >
        {image.kind === "file" ? (
          <FileImage file={image} {...shape} />
        ) : (
          <PixelImage pixels={image} {...shape} />
        )}
      </div>
      <div class="shape-status">
        <span class="shape-value">{words}</span>
        {problem !== undefined && <span class="error-text">{problem}</span>}
      </div>
    </section>
  );
}

/** Fewer pixels than are looked at well: they are shown larger, each as a square. */
function isSmall({ width, height }: Image): boolean {
  return Math.max(width, height) < 160;
}

/** Size and kind, as people say them. */
function wordsOf(image: Image): string {
  const size = `${formatCount(image.width)} × ${formatCount(image.height)}`;
  switch (image.kind) {
    case "large":
      return `${size}, ${formatBytes(image.sizeBytes)}`;
    case "file":
      return `${size}, ${image.type.replace("image/", "").toUpperCase()}, ${formatBytes(image.bytes.length)}`;
    case "pixels": {
      const { mode, range, every } = image;
      const kind = say(mode === "L" ? "shadesOfGrey" : "colours", mode);
      const black = say("blackToWhite", range[0], range[1]);
      return [size, kind, black, ...(every > 1 ? [say("everyPixel", every)] : [])].join(", ");
    }
  }
}

interface ShownProps {
  readonly label: string;
  readonly style: Readonly<Record<string, string>>;
  readonly sharp: boolean;
}

function FileImage({ file, label, style, sharp }: ShownProps & { readonly file: File }): JSX.Element {
  const [url, setUrl] = useState<string>();
  const [isBroken, setBroken] = useState(false);
  useEffect(() => {
    // A copy: what came over the channel may lie in a larger buffer.
    const made = URL.createObjectURL(new Blob([new Uint8Array(file.bytes)], { type: file.type }));
    setUrl(made);
    setBroken(false);
    return () => {
      URL.revokeObjectURL(made);
    };
  }, [file]);
  if (isBroken) return <p class="error-text">{say("brokenImage")}</p>;
  return (
    <img
      src={url}
      alt={label}
      style={style}
      class={`image ${sharp ? "sharp" : ""}`}
      draggable={false}
      onError={() => {
        if (url !== undefined) setBroken(true);
      }}
    />
  );
}

function PixelImage({ pixels, label, style, sharp }: ShownProps & { readonly pixels: Pixels }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = Math.ceil(pixels.width / pixels.every);
  const height = Math.ceil(pixels.height / pixels.every);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    context?.putImageData(new ImageData(new Uint8ClampedArray(pixels.rgba), width, height), 0, 0);
  }, [pixels]);
  return (
    <canvas
      ref={canvas}
      width={width}
      height={height}
      role="img"
      aria-label={label}
      style={style}
      class={`image ${sharp ? "sharp" : ""}`}
    />
  );
}

interface ChoiceProps {
  readonly word: string;
  readonly pressed: boolean;
  readonly onClick: () => void;
}

function Choice({ word, pressed, onClick }: ChoiceProps): JSX.Element {
  return (
    <button type="button" class="button secondary choice" aria-pressed={pressed} onClick={onClick}>
      {word}
    </button>
  );
}

interface IconButtonProps {
  readonly icon: string;
  readonly word: string;
  readonly onClick: () => void;
}

function IconButton({ icon, word, onClick }: IconButtonProps): JSX.Element {
  return (
    <button type="button" class="icon-button" aria-label={word} title={word} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}
