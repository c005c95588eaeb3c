import { describe, expect, it } from "vitest";
import { moveFor, typeAhead } from "../../../../src/webview/artifact/tree/keyboard.ts";
import type { TreeRow } from "../../../../src/webview/artifact/tree/model.ts";

/** A tree as text: two spaces a level, `+` closed, `-` open. */
function rows(...lines: readonly string[]): TreeRow[] {
  return lines.map((line) => {
    const level = (line.length - line.trimStart().length) / 2 + 1;
    const [, mark, name = ""] = /^([+-]?)(.*)$/.exec(line.trim()) ?? [];
    const path = PATHS[name] ?? [];
    return {
      kind: "value",
      key: path.join("/"),
      path,
      level,
      expanded: mark === "" ? undefined : mark === "-",
      position: 1,
      setSize: 1,
      link: undefined,
      row: {
        id: 1,
        type: "x",
        family: "object",
        childCount: 1,
        preview: "p",
        more: false,
        key: { kind: "key", text: `'${name}'` },
      },
    };
  });
}
const PATHS: Record<string, readonly number[]> = {
  root: [],
  alpha: [0],
  beta: [1],
  inner: [1, 0],
  gamma: [2],
  alps: [3],
};
const TREE = rows("-root", "  +alpha", "  -beta", "    inner", "  gamma", "  alps");
const SCREEN = { rows: 3 };
const press = (key: string, focus: string) => moveFor(key, TREE, focus, SCREEN);

describe("the keyboard in a tree", () => {
  it("goes up and down, and stops at the ends", () => {
    expect(press("ArrowDown", "0")).toEqual({ kind: "focus", place: [1] });
    expect(press("ArrowUp", "0")).toEqual({ kind: "focus", place: [] });
    expect(press("ArrowUp", "")).toBeUndefined();
    expect(press("ArrowDown", "3")).toBeUndefined();
  });

  it("goes to the ends and by screens", () => {
    expect(press("End", "")).toEqual({ kind: "focus", place: [3] });
    expect(press("Home", "3")).toEqual({ kind: "focus", place: [] });
    expect(press("PageDown", "")).toEqual({ kind: "focus", place: [1, 0] });
    expect(press("PageUp", "2")).toEqual({ kind: "focus", place: [0] });
  });

  it("opens with the right arrow, then goes to the first child", () => {
    expect(press("ArrowRight", "0")).toEqual({ kind: "expand" });
    expect(press("ArrowRight", "1")).toEqual({ kind: "focus", place: [1, 0] });
    expect(press("ArrowRight", "2")).toBeUndefined();
  });

  it("closes with the left arrow, then goes to the parent", () => {
    expect(press("ArrowLeft", "1")).toEqual({ kind: "collapse" });
    expect(press("ArrowLeft", "1/0")).toEqual({ kind: "focus", place: [1] });
    expect(press("ArrowLeft", "2")).toEqual({ kind: "focus", place: [] });
  });

  it("starts at the root when the focus is nowhere", () => {
    expect(press("ArrowDown", "99")).toEqual({ kind: "focus", place: [0] });
  });

  it("finds what is typed by the name inside the quotes, from the focus on and around", () => {
    expect(typeAhead(TREE, "", "a")?.key).toBe("0");
    expect(typeAhead(TREE, "0", "a")?.key).toBe("3");
    expect(typeAhead(TREE, "3", "a")?.key).toBe("0");
    expect(typeAhead(TREE, "0", "alp")?.key).toBe("0");
    expect(typeAhead(TREE, "0", "alps")?.key).toBe("3");
    expect(typeAhead(TREE, "0", "zz")).toBeUndefined();
  });
});
