import type { JSX } from "preact";
import { visible } from "./text.ts";

/**
 * Text that somebody else wrote: never as HTML, every hidden character named, its direction kept to itself so that it cannot
 * rearrange what stands beside it.
 */
export function VisibleText({ text }: { readonly text: string }): JSX.Element {
  return (
    <bdi>
      {visible(text).map((segment) =>
        segment.kind === "plain" ? segment.text : <span class="control">{segment.text}</span>,
      )}
    </bdi>
  );
}
