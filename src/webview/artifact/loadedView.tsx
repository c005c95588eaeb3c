import { createElement } from "preact";
import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { say } from "./say.ts";
import type { ViewId } from "./subject.ts";
import { VIEWS } from "./views.ts";
import type { ViewProps } from "./views.ts";

/** A view, once its code is here. */
export function LoadedView({ id, ...props }: ViewProps & { readonly id: ViewId }): JSX.Element | null {
  const [loaded, setLoaded] = useState<ComponentType<ViewProps>>();
  const [isMissing, setMissing] = useState(false);
  useEffect(() => {
    VIEWS[id].load().then(
      (view) => {
        // A component is a function, which a setter would call.
        setLoaded(() => view);
      },
      () => {
        setMissing(true);
      },
    );
  }, [id]);
  // An update of the extension takes away the files of pages that are open.
  if (isMissing)
    return (
      <p class="waiting" role="alert">
        {say("viewMissing")}
      </p>
    );
  return loaded === undefined ? null : createElement(loaded, props);
}
