import { createElement } from "preact";
import type { ComponentType, JSX } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { say } from "./say.ts";
import type { ViewId } from "./subject.ts";
import { VIEWS } from "./views.ts";
import type { ViewProps } from "./views.ts";

/** The views whose code is here. */
const LOADED = new Map<ViewId, ComponentType<ViewProps>>();

/** Loads the code of a view, which is shown without a wait then. Rejects where it is not there any more. */
export async function loadView(id: ViewId): Promise<ComponentType<ViewProps>> {
  const view = LOADED.get(id) ?? (await VIEWS[id].load());
  LOADED.set(id, view);
  return view;
}

/** A view, once its code is here. */
export function LoadedView({ id, ...props }: ViewProps & { readonly id: ViewId }): JSX.Element | null {
  // A component is a function, which a setter would call.
  const [loaded, setLoaded] = useState(() => LOADED.get(id));
  const [isMissing, setMissing] = useState(false);
  useLayoutEffect(() => {
    loadView(id).then(
      (view) => {
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
