import type { IoOptions } from "../../../base/io.ts";
import type { DataArtifact } from "../../../client/index.ts";
import { contextValueOf } from "../../contextKeys.ts";
import { t } from "../../text.ts";
import { artifactIcon, artifactText, fullType, spokenType, type ArtifactFacts } from "../artifactText.ts";
import { exactText, sizeText } from "../format.ts";
import { codeBlock, factsTable } from "../markdown.ts";
import { Row, joined, type Look, type Surroundings } from "../row.ts";

/** One value that a task stored; a click opens it. */
export class ArtifactRow extends Row {
  readonly kind = "artifact";
  #artifact: DataArtifact;
  #facts: ArtifactFacts;

  constructor(parent: Row, artifact: DataArtifact, facts: ArtifactFacts) {
    super(`artifact:${parent.id}/${artifact.id}`, parent, {
      kind: "artifact",
      pathspec: artifact.pathspec,
      attempt: artifact.attempt,
    });
    this.#artifact = artifact;
    this.#facts = facts;
  }

  get name(): string {
    return this.#artifact.id;
  }

  /** The value where it is small, else type and size. */
  get text(): string {
    return artifactText(this.#facts);
  }

  override look(): Look {
    const description = artifactText(this.#facts);
    return {
      label: this.#artifact.id,
      description,
      icon: artifactIcon(this.#facts.type),
      contextValue: contextValueOf(this.kind),
      spoken: joined(
        [this.#artifact.id, t("artifact"), spokenType(this.#facts.type), this.#facts.value ?? ""],
        ", ",
      ),
    };
  }

  override adopt(newer: Row): boolean {
    if (newer instanceof ArtifactRow) {
      this.#artifact = newer.#artifact;
      this.#facts = newer.#facts;
    }
    return false;
  }

  override async tooltip(_io: IoOptions, { locale }: Surroundings): Promise<string> {
    const { type, sizeBytes, value } = this.#facts;
    const table = factsTable(this.#artifact.pathspec, [
      [t("Type"), fullType(type)],
      [t("Size"), sizeBytes === undefined ? undefined : sizeText(sizeBytes)],
      [t("SHA"), this.#artifact.sha],
      [t("Attempt"), String(this.#artifact.storedBy)],
      [t("Stored"), exactText(this.#artifact.createdAt, locale)],
    ]);
    return Promise.resolve(value === undefined ? table : `${table}\n\n${codeBlock(value.slice(0, 500))}`);
  }
}
