// The sequences that terminals obey: CSI, OSC (titles, links), single characters.
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_])/g;

/**
 * A line of a log as a terminal would leave it, as plain text: colours and other sequences are dropped, and of a line that was
 * written over and over with carriage returns (progress bars) the last state stays.
 */
export function terminalText(line: string): string {
  const plain = line.includes("\u001b") ? line.replace(ESCAPES, "") : line;
  if (!plain.includes("\r")) return plain;
  const states = plain.split("\r");
  return states.findLast((state) => state !== "") ?? "";
}
