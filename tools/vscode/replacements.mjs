/**
 * Two native modules of VS Code's server have no prebuilt binary; these stand in for them in the cached copy, so no compiler is needed.
 */

/** `@vscode/spdlog`: every output channel of VS Code is a log file that this module writes. */
export const SPDLOG = `"use strict";
const fs = require("node:fs");
const path = require("node:path");
const NAMES = ["trace", "debug", "info", "warning", "error", "critical"];
let globalLevel = 2;
class Logger {
  constructor(file) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    this.fd = fs.openSync(file, "a");
    this.level = globalLevel;
    this.plain = false;
  }
  write(level, message) {
    if (level < this.level || this.fd === undefined) return;
    const now = new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString();
    const text = this.plain ? String(message) : now.slice(0, 10) + " " + now.slice(11, 23) + " [" + NAMES[level] + "] " + message + "\\n";
    fs.writeSync(this.fd, text);
  }
  trace(message) { this.write(0, message); }
  debug(message) { this.write(1, message); }
  info(message) { this.write(2, message); }
  warn(message) { this.write(3, message); }
  error(message) { this.write(4, message); }
  critical(message) { this.write(5, message); }
  getLevel() { return this.level; }
  setLevel(level) { this.level = level; }
  setPattern() {}
  clearFormatters() { this.plain = true; }
  flush() {}
  drop() {
    if (this.fd !== undefined) fs.closeSync(this.fd);
    this.fd = undefined;
  }
}
exports.version = "0.0.0";
exports.setLevel = (level) => { globalLevel = level; };
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = async (name, file) => new Logger(file);
exports.createAsyncRotatingLogger = async (name, file) => new Logger(file);
`;

/** \`@vscode/native-watchdog\`: ends an extension host whose server is gone. */
export const WATCHDOG = `"use strict";
exports.start = (pid) => setInterval(() => {
  try { process.kill(pid, 0); } catch { process.exit(87); }
}, 5000).unref();
`;
