/** A Buffer on the same memory: its decoders are faster than TextDecoder on short text. */
export function bufferOn(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

/**
 * Text of UTF-8 with lone surrogates kept, `undefined` where the bytes are no text. Python: `data.decode("utf-8", "surrogatepass")`.
 */
export function decodeUtf8(data: Uint8Array): string | undefined {
  const { length } = data;
  if (length < 24) {
    let text = "";
    for (let i = 0; i < length; i++) {
      const byte = data[i] ?? 0;
      if (byte > 127) return decodeAny(data);
      text += String.fromCharCode(byte);
    }
    return text;
  }
  return decodeAny(data);
}

function decodeAny(data: Uint8Array): string | undefined {
  const text = bufferOn(data).toString("utf8");
  // U+FFFD is also a character that texts may contain: only then it is worth a closer look.
  return text.includes("\ufffd") ? decodeSurrogates(data) : text;
}

function decodeSurrogates(data: Uint8Array): string | undefined {
  const out: string[] = [];
  let units: number[] = [];
  for (let i = 0; i < data.length;) {
    const lead = data[i] ?? 0;
    const size = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    if (size === 0) return undefined;
    let code = size === 1 ? lead : lead & (0xff >> (size + 1));
    for (let j = 1; j < size; j++) {
      const byte = data[i + j] ?? 0;
      if ((byte & 0xc0) !== 0x80) return undefined;
      code = (code << 6) | (byte & 0x3f);
    }
    // Overlong forms, and numbers past the last character; surrogates are allowed.
    if ((size === 3 && code < 0x800) || (size === 4 && (code < 0x10000 || code > 0x10ffff))) return undefined;
    if (code > 0xffff) units.push(0xd800 + ((code - 0x10000) >> 10), 0xdc00 + ((code - 0x10000) & 0x3ff));
    else units.push(code);
    i += size;
    if (units.length > 8192) {
      out.push(String.fromCharCode(...units));
      units = [];
    }
  }
  out.push(String.fromCharCode(...units));
  return out.join("");
}

/** Where the last character of UTF-8 that is wholly there ends. */
export function endOfCharacter(bytes: Uint8Array): number {
  let start = bytes.length - 1;
  // Continuation bytes are 10xxxxxx, at most three follow a lead byte.
  while (start > bytes.length - 4 && start > 0 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start--;
  const lead = bytes[start] ?? 0;
  const size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  return start + size <= bytes.length ? bytes.length : start;
}

/** Text of ASCII bytes, `undefined` where one is not. Python 3 reads Python 2's `str` so. */
export function decodeAscii(data: Uint8Array): string | undefined {
  return isAscii(data) ? bufferOn(data).toString("latin1") : undefined;
}

/** Whether all bytes are ASCII. */
export function isAscii(data: Uint8Array): boolean {
  for (const byte of data) if (byte > 127) return false;
  return true;
}
