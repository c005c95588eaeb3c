import type { JSX, TargetedKeyboardEvent } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Icon } from "./icon.tsx";

/** One choice of a menu. */
export interface MenuItem {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
}

interface MenuProps {
  readonly label: string;
  readonly icon: string;
  readonly items: readonly MenuItem[];
  readonly onPick: (id: string) => void;
}

/** A button that opens a menu, by the ARIA Authoring Practices' menu button pattern. */
export function MenuButton({ label, icon, items, onPick }: MenuProps): JSX.Element {
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const id = useId();

  useEffect(() => {
    if (!open) return;
    (menu.current?.children[at] as HTMLElement | undefined)?.focus();
  }, [open, at]);

  useEffect(() => {
    if (!open) return;
    const close = (event: Event): void => {
      if (event.target instanceof Node && menu.current?.contains(event.target) === true) return;
      if (event.target instanceof Node && button.current?.contains(event.target) === true) return;
      setOpen(false);
    };
    const blur = (): void => {
      setOpen(false);
    };
    window.addEventListener("mousedown", close);
    window.addEventListener("blur", blur);
    return () => {
      window.removeEventListener("mousedown", close);
      window.removeEventListener("blur", blur);
    };
  }, [open]);

  const show = (first: number): void => {
    setAt(first);
    setOpen(true);
  };
  const leave = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  const pick = (item: MenuItem): void => {
    leave();
    onPick(item.id);
  };
  const onButtonKey = (event: TargetedKeyboardEvent<HTMLButtonElement>): void => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    show(event.key === "ArrowDown" ? 0 : items.length - 1);
  };
  const onMenuKey = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    const next = nextItem(event.key, at, items);
    if (event.key === "Escape" || event.key === "Tab") leave();
    else if (next !== undefined) setAt(next);
    else return;
    if (event.key !== "Tab") event.preventDefault();
    event.stopPropagation();
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
          if (open) leave();
          else show(0);
        }}
        onKeyDown={onButtonKey}
      >
        <Icon name={icon} />
        {label}
        <Icon name="chevron-down" />
      </button>
      {open && (
        <div ref={menu} id={id} class="menu" role="menu" aria-label={label} onKeyDown={onMenuKey}>
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
                pick(item);
              }}
            >
              <span>{item.label}</span>
              {item.hint !== undefined && <span class="menu-hint">{item.hint}</span>}
            </button>
          ))}
        </div>
      )}
    </div>
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
