/**
 * Python: `str(PurePath(*parts))`. Up to 3.12 a path pickles its parsed parts, from 3.13 on the texts that it was made of, so that these are joined and
 * parsed as 3.13 does it.
 */
export function joinedPath(parts: readonly string[], isWindows: boolean): string {
  return isWindows ? windowsPath(parts) : posixPath(parts);
}

function posixPath(parts: readonly string[]): string {
  let path = "";
  for (const part of parts) {
    if (part.startsWith("/")) path = part;
    else path += path === "" || path.endsWith("/") ? part : `/${part}`;
  }
  const root = /^\/\/(?!\/)/.test(path) ? "//" : path.startsWith("/") ? "/" : "";
  return root + namesIn(path, "/").join("/") || ".";
}

function namesIn(path: string, separator: string): string[] {
  return path.split(separator).filter((name) => name !== "" && name !== ".");
}

interface Rooted {
  readonly drive: string;
  readonly root: string;
  readonly path: string;
}

/** Python: `ntpath.splitroot`. */
function rooted(text: string): Rooted {
  const path = text.replaceAll("/", "\\");
  if (path.startsWith("\\\\")) {
    const server = path.indexOf("\\", /^\\\\\?\\UNC\\/i.test(path) ? 8 : 2);
    const share = server < 0 ? -1 : path.indexOf("\\", server + 1);
    if (share < 0) return { drive: path, root: "", path: "" };
    return { drive: path.slice(0, share), root: "\\", path: path.slice(share + 1) };
  }
  const drive = path[1] === ":" ? path.slice(0, 2) : "";
  const root = path[drive.length] === "\\" ? "\\" : "";
  return { drive, root, path: path.slice(drive.length + root.length) };
}

/** Python: `ntpath.join`. */
function windowsJoin(parts: readonly string[]): Rooted {
  let { drive, root, path } = rooted(parts[0] ?? "");
  for (const part of parts.slice(1)) {
    const next = rooted(part);
    const isElsewhere = next.drive !== "" && next.drive.toLowerCase() !== drive.toLowerCase();
    if (next.root !== "") {
      if (next.drive !== "" || drive === "") ({ drive } = next);
      ({ root, path } = next);
      continue;
    }
    if (next.drive !== "") ({ drive } = next);
    if (isElsewhere) {
      ({ root, path } = next);
      continue;
    }
    path += (path === "" || path.endsWith("\\") ? "" : "\\") + next.path;
  }
  return { drive, root, path };
}

function windowsPath(parts: readonly string[]): string {
  const joined = windowsJoin(parts);
  const { drive } = joined;
  // Of a share the root need not be written.
  const isShare = /^\\\\(?:[^\\?.][^\\]*|[?.][^\\]+|\?\\[^\\]+\\[^\\]+)\\[^\\]+$/.test(drive);
  const root = joined.root === "" && isShare ? "\\" : joined.root;
  const names = namesIn(joined.path, "\\");
  // A name that looks like a drive.
  if (drive === "" && root === "" && names[0]?.[1] === ":") names.unshift(".");
  return drive + root + names.join("\\") || ".";
}
