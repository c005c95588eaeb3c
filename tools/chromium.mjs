/** Debian's Chromium for the UI tests, the host tests and screenshots; a person's demo needs none. */
import { existsSync } from "node:fs";
import { withLock } from "./cache.mjs";
import { mustRun, run } from "./process.mjs";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
];
const PACKAGES = ["chromium", "fonts-dejavu-core"];

/** Flags that make it quiet, offline and fit for a container. */
const FLAGS = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"],
];

/** The browser that is there, if any. `$CHROMIUM` names another one. */
function found() {
  const own = process.env["CHROMIUM"];
  return own !== undefined && own !== "" ? own : PLACES.find((path) => existsSync(path));
}

/**
 * Installs Chromium and a font where that is allowed.
 * @param {(line: string) => void} [log]
 * @returns {Promise<string>} the browser's path
 */
export async function ensureChromium(log = () => undefined) {
  const present = found();
  if (present !== undefined) return present;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    throw new Error(
      `no Chromium was found. Install it (on Debian: apt-get install ${PACKAGES.join(" ")}) or set CHROMIUM to its path`,
    );
  }
  return withLock(
    "chromium",
    async () => {
      const meanwhile = found();
      if (meanwhile !== undefined) return meanwhile;
      log(`installing ${PACKAGES.join(" and ")} by apt-get (once)`);
      const env = { DEBIAN_FRONTEND: "noninteractive" };
      // An interrupted earlier run may have left packages unpacked but not configured.
      await run("dpkg", ["--configure", "-a"], { env, timeoutMs: 300_000 });
      await mustRun("apt-get", ["update", "-qq"], { env, timeoutMs: 300_000 });
      const options = ["install", "-y", "-qq", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"];
      await mustRun("apt-get", [...options, ...PACKAGES], { env, timeoutMs: 600_000 });
      const installed = found();
      if (installed === undefined)
        throw new Error("apt-get installed chromium, but its binary is in none of the known places");
      return installed;
    },
    log,
  );
}

/**
 * Starts the browser.
 * @param {(line: string) => void} [log]
 * @returns {Promise<import("playwright-core").Browser>}
 */
export async function launchChromium(log) {
  const [{ chromium }, executablePath] = await Promise.all([import("playwright-core"), ensureChromium(log)]);
  return chromium.launch({ executablePath, args: FLAGS });
}
