import type { JSX, TargetedKeyboardEvent } from "preact";
import { useCallback, useEffect, useId, useRef, useState } from "preact/hooks";
import { Icon } from "./icon.tsx";
import type { MenuItem } from "./menuItem.ts";

interface MenuProps {
  readonly label: string;
  readonly icon: string;
  readonly items: readonly MenuItem[];
  readonly onPick: (id: string) => void;
}

interface ListProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  /** The item that has the focus when the menu opens. */
  readonly first: number;
  readonly id?: string;
  readonly style?: Readonly<Record<string, string>>;
  readonly onPick: (id: string) => void;
  /** `isDone`: by a key or a choice, so that the focus goes back to where the menu was opened; not by a click elsewhere. */
  readonly onClose: (isDone: boolean) => void;
  /** Beside the menu, a click in it closes nothing. */
  readonly opener?: { readonly current: HTMLElement | null };
}

/** An open menu, by the ARIA Authoring Practices' menu pattern. */
function MenuList({ label, items, first, id, style, onPick, onClose, opener }: ListProps): JSX.Element {
  const [at, setAt] = useState(first);
  const menu = useRef<HTMLDivElement>(null);

  useEffect(() => {
    (menu.current?.children[at] as HTMLElement | undefined)?.focus();
  }, [at]);

  useEffect(() => {
    const close = (event: Event): void => {
      const inside = [menu.current, opener?.current].some(
        (element) => event.target instanceof Node && element?.contains(event.target) === true,
      );
      if (!inside) onClose(false);
    };
    const blur = (): void => {
      onClose(false);
    };
    window.addEventListener("mousedown", close);
    window.addEventListener("blur", blur);
    return () => {
      window.removeEventListener("mousedown", close);
      window.removeEventListener("blur", blur);
    };
  }, [onClose]);

  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    const next = nextItem(event.key, at, items);
    if (event.key === "Escape" || event.key === "Tab") onClose(true);
    else if (next !== undefined) setAt(next);
    else return;
    if (event.key !== "Tab") event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div ref={menu} id={id} class="menu" role="menu" aria-label={label} style={style} onKeyDown={onKeyDown}>
      {items.map((item, index) => (
        <button
          key={item.id}
          type="button"
          class="menu-item"
          role="menuitem"
          tabIndex={index === at ? 0 : -1}
          onMouseEnter={() => {
            setAt(index);
          }}
          onClick={() => {
            onPick(item.id);
          }}
        >
          <span>{item.label}</span>
          {item.hint !== undefined && <span class="menu-hint">{item.hint}</span>}
        </button>
      ))}
    </div>
  );
}

/** A button that opens a menu, by the ARIA Authoring Practices' menu button pattern. */
export function MenuButton({ label, icon, items, onPick }: MenuProps): JSX.Element {
  const [first, setFirst] = useState<number>();
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const open = first !== undefined;
  const close = useCallback((isDone: boolean): void => {
    setFirst(undefined);
    if (isDone) button.current?.focus();
  }, []);
  const onButtonKey = (event: TargetedKeyboardEvent<HTMLButtonElement>): void => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    setFirst(event.key === "ArrowDown" ? 0 : items.length - 1);
  };
  return (
    <div class="menu-anchor">
      <button
        ref={button}
        type="button"
        class="button secondary"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => {
          if (open) close(true);
          else setFirst(0);
        }}
        onKeyDown={onButtonKey}
      >
        <Icon name={icon} />
        {label}
        <Icon name="chevron-down" />
      </button>
      {open && (
        <MenuList
          label={label}
          items={items}
          first={first}
          id={id}
          opener={button}
          onClose={close}
          onPick={(picked) => {
            close(true);
            onPick(picked);
          }}
        />
      )}
    </div>
  );
}

interface PopupProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  /** Where it opens, in pixels of the page. */
  readonly anchor: DOMRect;
  readonly onPick: (id: string) => void;
  readonly onClose: () => void;
}

/** Pixels that a menu may be wide and an item high, so that it opens where it is seen. */
const MENU_WIDTH = 240;
const ITEM_HEIGHT = 28;

/** A menu at a place of the page, such as a context menu. */
export function PopupMenu({ label, items, anchor, onPick, onClose }: PopupProps): JSX.Element {
  const left = Math.max(0, Math.min(anchor.left, window.innerWidth - MENU_WIDTH));
  const top = Math.max(0, Math.min(anchor.bottom, window.innerHeight - items.length * ITEM_HEIGHT - 12));
  return (
    <MenuList
      label={label}
      items={items}
      first={0}
      style={{ position: "fixed", right: "auto", left: `${left}px`, top: `${top}px` }}
      onPick={onPick}
      onClose={onClose}
    />
  );
}

function nextItem(key: string, at: number, items: readonly MenuItem[]): number | undefined {
  switch (key) {
    case "ArrowDown":
      return (at + 1) % items.length;
    case "ArrowUp":
      return (at + items.length - 1) % items.length;
    case "Home":
      return 0;
    case "End":
      return items.length - 1;
    default: {
      if (key.length !== 1) return undefined;
      const begins = (item: MenuItem): boolean => item.label.toLowerCase().startsWith(key.toLowerCase());
      const after = items.findIndex((item, index) => index > at && begins(item));
      const found = after >= 0 ? after : items.findIndex(begins);
      return found < 0 ? undefined : found;
    }
  }
}
