import type { IoOptions } from "../../../base/io.ts";
import { contextValueOf, type RowKind } from "../../contextKeys.ts";
import type { Target } from "../../targets.ts";
import type { Icon } from "../state.ts";
import { Row, joined, type Folding, type Look } from "../row.ts";

/** What a folder row is made of. */
export interface Folder {
  readonly kind: Extract<RowKind, "internal" | "attempts" | "metadata">;
  readonly label: string;
  readonly description?: string;
  readonly icon: Icon;
  readonly load: (row: Row, io: IoOptions) => Promise<readonly Row[]>;
  /** Whether an object is among what it holds. */
  readonly leadsTo?: (target: Target) => boolean;
}

/** A row that only holds others, which few people look for. */
export class FolderRow extends Row {
  readonly kind;
  #folder: Folder;

  constructor(parent: Row, folder: Folder) {
    super(`${folder.kind}:${parent.id}`, parent);
    this.kind = folder.kind;
    this.#folder = folder;
  }

  override get folding(): Folding {
    return "closed";
  }

  override look(): Look {
    const { label, description = "", icon } = this.#folder;
    return {
      label,
      description,
      icon,
      contextValue: contextValueOf(this.kind),
      spoken: joined([label, description], ", "),
    };
  }

  override async load(io: IoOptions): Promise<readonly Row[]> {
    return this.#folder.load(this, io);
  }

  override leadsTo(target: Target): boolean {
    return this.#folder.leadsTo?.(target) ?? false;
  }

  override adopt(newer: Row): boolean {
    if (newer instanceof FolderRow) this.#folder = newer.#folder;
    return true;
  }
}
