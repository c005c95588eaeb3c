/** Python: `str(ipaddress.ip_address(value))`. @param bits 32 or 128 */
export function addressText(value: bigint, bits: number): string {
  const size = bits === 32 ? 8n : 16n;
  const parts = Array.from({ length: bits === 32 ? 4 : 8 }, (_, at) =>
    Number((value >> (size * BigInt(bits === 32 ? 3 - at : 7 - at))) & ((1n << size) - 1n)),
  );
  if (bits === 32) return parts.join(".");
  const text = parts.map((part) => part.toString(16)).join(":");
  // The first of the longest runs of zeros is left out (RFC 5952).
  const runs = text.match(/\b0(?::0)+\b/g) ?? [];
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), "");
  if (longest === "") return text;
  const at = text.search(new RegExp(`\\b${longest}\\b`));
  const [before, after] = [text.slice(0, at), text.slice(at + longest.length)];
  return `${before.replace(/:$/, "")}::${after.replace(/^:/, "")}`;
}
