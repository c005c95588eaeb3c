/** Decodes bytes, or throws an error that says why they are no such text. */
type Decode = (bytes: Uint8Array) => string;

const CP850 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\xad±‗¾¶§÷¸°¨·¹³²■\xa0";

// Names of Python's codecs, each followed by its aliases (`encodings.aliases`).
const OWN: readonly (readonly [names: string, decode: Decode])[] = [
  ["utf_8 u8 utf utf8 utf8_ucs2 utf8_ucs4 cp65001", platform("utf-8", { keepMark: true })],
  ["utf_8_sig", platform("utf-8")],
  ["utf_16 u16 utf16", utf16],
  ["utf_16_le unicodelittleunmarked utf_16le", platform("utf-16le", { keepMark: true })],
  ["utf_16_be unicodebigunmarked utf_16be", platform("utf-16be", { keepMark: true })],
  ["utf_32 u32 utf32", utf32],
  ["utf_32_le utf_32le", (bytes) => codePoints(bytes, 0, true)],
  ["utf_32_be utf_32be", (bytes) => codePoints(bytes, 0, false)],
  [
    "ascii 646 ansi_x3.4_1968 ansi_x3_4_1968 ansi_x3.4_1986 cp367 csascii ibm367 iso646_us iso_646.irv_1991 iso_ir_6 us us_ascii",
    ascii,
  ],
  [
    "latin_1 8859 cp819 csisolatin1 ibm819 iso8859 iso8859_1 iso_8859_1 iso_8859_1_1987 iso_ir_100 l1 latin latin1",
    latin1,
  ],
  // Browsers take these three names for Windows code pages, and Node.js takes Windows-1252 for Latin-1.
  [
    "iso8859_9 csisolatin5 iso_8859_9 iso_8859_9_1989 iso_ir_148 l5 latin5",
    patched({ 0xd0: "Ğ", 0xdd: "İ", 0xde: "Ş", 0xf0: "ğ", 0xfd: "ı", 0xfe: "ş" }),
  ],
  ["cp1252 1252 windows_1252", cp1252],
  // What consoles of Windows write, and many a table that was kept by one.
  [
    "cp437 437 cspc8codepage437 ibm437",
    upperHalf(
      "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\xa0",
    ),
  ],
  ["cp850 850 cspc850multilingual ibm850", upperHalf(CP850)],
  ["cp858 858 csibm858 ibm858", upperHalf(CP850.replace("ı", "€"))],
  [
    "cp852 852 cspcp852 ibm852",
    upperHalf(
      "ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\xad˝˛ˇ˘§÷¸°¨˙űŘř■\xa0",
    ),
  ],
];

/** Codecs that the platform has by another name; what Python decodes it decodes alike. */
const PLATFORM: readonly (readonly [names: string, label: string])[] = [
  ["cp1250 1250 windows_1250", "windows-1250"],
  ["cp1251 1251 windows_1251", "windows-1251"],
  ["cp1253 1253 windows_1253", "windows-1253"],
  ["cp1254 1254 windows_1254", "windows-1254"],
  ["cp1255 1255 windows_1255", "windows-1255"],
  ["cp1256 1256 windows_1256", "windows-1256"],
  ["cp1257 1257 windows_1257", "windows-1257"],
  ["cp1258 1258 windows_1258", "windows-1258"],
  ["iso8859_2 csisolatin2 iso_8859_2 iso_8859_2_1987 iso_ir_101 l2 latin2", "iso-8859-2"],
  ["iso8859_3 csisolatin3 iso_8859_3 iso_8859_3_1988 iso_ir_109 l3 latin3", "iso-8859-3"],
  ["iso8859_4 csisolatin4 iso_8859_4 iso_8859_4_1988 iso_ir_110 l4 latin4", "iso-8859-4"],
  ["iso8859_5 csisolatincyrillic cyrillic iso_8859_5 iso_8859_5_1988 iso_ir_144", "iso-8859-5"],
  ["iso8859_6 arabic asmo_708 csisolatinarabic ecma_114 iso_8859_6 iso_8859_6_1987 iso_ir_127", "iso-8859-6"],
  [
    "iso8859_7 csisolatingreek ecma_118 elot_928 greek greek8 iso_8859_7 iso_8859_7_1987 iso_ir_126",
    "iso-8859-7",
  ],
  ["iso8859_8 csisolatinhebrew hebrew iso_8859_8 iso_8859_8_1988 iso_ir_138", "iso-8859-8"],
  ["iso8859_10 csisolatin6 iso_8859_10 iso_8859_10_1992 iso_ir_157 l6 latin6", "iso-8859-10"],
  ["iso8859_13 iso_8859_13 l7 latin7", "iso-8859-13"],
  ["iso8859_14 iso_8859_14 iso_8859_14_1998 iso_celtic iso_ir_199 l8 latin8", "iso-8859-14"],
  ["iso8859_15 iso_8859_15 l9 latin9", "iso-8859-15"],
  ["koi8_r cskoi8r", "koi8-r"],
  ["koi8_u", "koi8-u"],
  ["mac_roman macintosh macroman", "macintosh"],
  ["mac_cyrillic maccyrillic", "x-mac-cyrillic"],
  ["gbk 936 cp936 ms936", "gbk"],
  // From here on most of what Python decodes: some signs differ, such as dashes, and some are refused.
  [
    "gb2312 chinese csiso58gb231280 euc_cn euccn eucgb2312_cn gb2312_1980 gb2312_80 iso_ir_58 x_mac_simp_chinese",
    "gbk",
  ],
  ["gb18030 gb18030_2000", "gb18030"],
  ["big5 big5_tw csbig5 x_mac_trad_chinese", "big5"],
  ["cp932 932 ms932 mskanji ms_kanji", "shift_jis"],
  ["shift_jis csshiftjis shiftjis sjis s_jis x_mac_japanese", "shift_jis"],
  ["euc_jp eucjp ujis u_jis", "euc-jp"],
  ["iso2022_jp csiso2022jp iso2022jp iso_2022_jp", "iso-2022-jp"],
  ["cp949 949 ms949 uhc", "euc-kr"],
  ["euc_kr euckr korean ksc5601 ks_c_5601 ks_c_5601_1987 ksx1001 ks_x_1001 x_mac_korean", "euc-kr"],
  ["cp866 866 csibm866 ibm866", "ibm866"],
];

const CODECS = new Map<string, Decode>(
  [...OWN, ...PLATFORM.map(([names, label]) => [names, platform(label)] as const)].flatMap(
    ([names, decode]) => names.split(" ").map((name) => [name, decode] as const),
  ),
);

/**
 * Bytes as text, by the name of one of Python's codecs in any of its spellings. Python: `bytes.decode`, strictly.
 * Throws an error that says why where the bytes are no such text, or where the codec is not known.
 */
export function decodePython(bytes: Uint8Array, encoding: string): string {
  const decode = CODECS.get(normalized(encoding)) ?? CODECS.get(normalized(encoding).replaceAll(".", "_"));
  if (decode === undefined) throw new Error("the encoding is not known");
  return decode(bytes);
}

/** Python: `encodings.normalize_encoding`. */
function normalized(encoding: string): string {
  return encoding
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, "_")
    .replace(/^_|_$/g, "");
}

/** One of the platform's own decoders. Python drops the mark at the beginning only where the codec's name asks for it. */
function platform(label: string, { keepMark = false } = {}): Decode {
  return (bytes) => new TextDecoder(label, { fatal: true, ignoreBOM: keepMark }).decode(bytes);
}

/** The mark at the beginning tells the order of the bytes; without one it is that of nearly all machines. */
function utf16(bytes: Uint8Array): string {
  const isBigEndian = bytes[0] === 0xfe && bytes[1] === 0xff;
  return platform(isBigEndian ? "utf-16be" : "utf-16le")(bytes);
}

/** As UTF-16: by the mark, else in the order of nearly all machines. */
function utf32(bytes: Uint8Array): string {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) return codePoints(bytes, 4, true);
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return codePoints(bytes, 4, false);
  return codePoints(bytes, 0, true);
}

function codePoints(bytes: Uint8Array, from: number, isLittleEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = "";
  for (let at = from; at < bytes.length; at += 4) {
    const point = at + 4 > bytes.length ? Number.NaN : view.getUint32(at, isLittleEndian);
    const isCharacter = point < 0xd800 || (point > 0xdfff && point <= 0x10ffff);
    if (!isCharacter) throw new Error(`the bytes at ${at} are no character`);
    text += String.fromCodePoint(point);
  }
  return text;
}

function ascii(bytes: Uint8Array): string {
  const at = bytes.findIndex((byte) => byte > 0x7f);
  if (at >= 0) throw new Error(`the byte at ${at} is not ASCII`);
  return latin1(bytes);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/** Latin-1 with some other characters. */
function patched(characters: Readonly<Record<number, string>>): Decode {
  return (bytes) => latin1(bytes).replace(/[\x80-\xff]/g, (byte) => characters[byte.charCodeAt(0)] ?? byte);
}

/** ASCII with these 128 characters behind it. */
function upperHalf(characters: string): Decode {
  return (bytes) =>
    latin1(bytes).replace(/[\x80-\xff]/g, (byte) => characters.charAt(byte.charCodeAt(0) - 0x80));
}

/** The characters of Windows-1252 from 0x80 on that differ from Latin-1; spaces where there is none. */
const CP1252 = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";

function cp1252(bytes: Uint8Array): string {
  return latin1(bytes).replace(/[\x80-\x9f]/g, (byte, at: number) => {
    const character = CP1252.charAt(byte.charCodeAt(0) - 0x80);
    if (character === " ") throw new Error(`the byte at ${at} is not in this code page`);
    return character;
  });
}
