import "./bars.css";
import type { JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { say } from "../artifact/say.ts";

interface GoToProps {
  /** How many rows there are. */
  readonly rowCount: number;
  /** The names of the columns that a text may mean. */
  readonly complete: (text: string) => Promise<readonly string[]>;
  /** Goes to a row, counted from 1, or to a column, or both. Whether that is there. */
  readonly onGo: (row: number | undefined, column: string) => Promise<boolean>;
  readonly onClose: () => void;
}

/** Goes to a row by its number and to a column by its name, which is completed. */
export function GoTo({ rowCount, complete, onGo, onClose }: GoToProps): JSX.Element {
  const [row, setRow] = useState("");
  const [column, setColumn] = useState("");
  const [names, setNames] = useState<readonly string[]>([]);
  const [isMissing, setMissing] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  const wanted = useRef("");
  const list = useId();
  useEffect(() => {
    first.current?.focus();
  }, []);
  const suggest = (text: string): void => {
    setColumn(text);
    setMissing(false);
    wanted.current = text;
    void complete(text).then((found) => {
      // A newer text has the floor.
      if (wanted.current === text) setNames(found);
    });
  };
  const go = async (): Promise<void> => {
    const number = row.trim() === "" ? undefined : Number(row);
    if (await onGo(number, column.trim())) onClose();
    else setMissing(true);
  };
  return (
    <form
      class="bar"
      aria-label={say("goToCell")}
      onSubmit={(event) => {
        event.preventDefault();
        void go();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
    >
      <label class="bar-field">
        {say("goToRow")}
        <input
          ref={first}
          class="box"
          type="number"
          min={1}
          max={rowCount}
          value={row}
          onInput={({ currentTarget }) => {
            setRow(currentTarget.value);
            setMissing(false);
          }}
        />
      </label>
      <label class="bar-field">
        {say("goToColumn")}
        <input
          class={`box ${isMissing ? "wrong" : ""}`}
          type="text"
          spellcheck={false}
          list={list}
          value={column}
          aria-invalid={isMissing}
          onFocus={() => {
            suggest(column);
          }}
          onInput={({ currentTarget }) => {
            suggest(currentTarget.value);
          }}
        />
      </label>
      <datalist id={list}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <button type="submit" class="button secondary">
        {say("go")}
      </button>
      <span class="bar-problem" role="status">
        {isMissing ? say("filterUnknownColumn", column) : ""}
      </span>
    </form>
  );
}
