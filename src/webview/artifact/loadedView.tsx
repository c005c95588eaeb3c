import { createElement } from "preact";
import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ViewId } from "./subject.ts";
import { VIEWS } from "./views.ts";
import type { ViewProps } from "./views.ts";

/** A view, once its code is here. */
export function LoadedView({ id, ...props }: ViewProps & { readonly id: ViewId }): JSX.Element | null {
  const [loaded, setLoaded] = useState<ComponentType<ViewProps>>();
  useEffect(() => {
    // A component is a function, which a setter would call.
    void VIEWS[id].load().then((view) => {
      setLoaded(() => view);
    });
  }, [id]);
  return loaded === undefined ? null : createElement(loaded, props);
}
