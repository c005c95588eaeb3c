import { describe, expect, it } from "vitest";
import { decodePython } from "../../../src/client/model/pythonText.ts";

const decoded = (encoding: string, ...bytes: number[]): string =>
  decodePython(Uint8Array.from(bytes), encoding);

describe("decodePython", () => {
  it("knows a codec by every spelling that Python takes for it", () => {
    for (const name of ["latin-1", "LATIN1", "iso-8859-1", "ISO_8859-1", "l1", "8859", "cp819", "iso 8859 1"])
      expect(decoded(name, 0x80, 0x9f, 0xe9)).toBe("\x80\x9f\xe9");
    for (const name of ["utf8", "UTF-8", "U8", "utf_8"]) expect(decoded(name, 0xc3, 0xa9)).toBe("é");
    for (const name of ["ascii", "US-ASCII", "646", "iso_646.irv_1991", "ANSI_X3.4-1968"])
      expect(decoded(name, 0x41)).toBe("A");
  });

  it("tells Latin-1, Latin-5 and Latin-9 from the code pages of Windows", () => {
    expect(decoded("cp1252", 0x80, 0x92, 0x9f, 0xe9)).toBe("€’Ÿé");
    expect(decoded("iso-8859-9", 0x80, 0xdd, 0xfd)).toBe("\x80İı");
    expect(decoded("latin9", 0xa4)).toBe("€");
    expect(decoded("windows-1251", 0xcf)).toBe("П");
    expect(decoded("koi8-r", 0xf0)).toBe("П");
  });

  it("drops the mark at the beginning where Python does, and only there", () => {
    expect(decoded("utf-8-sig", 0xef, 0xbb, 0xbf, 0x41)).toBe("A");
    expect(decoded("utf-8-sig", 0x41)).toBe("A");
    expect(decoded("utf-8", 0xef, 0xbb, 0xbf, 0x41)).toBe("\ufeffA");
    expect(decoded("utf-16", 0xff, 0xfe, 0x41, 0)).toBe("A");
    expect(decoded("utf-16", 0xfe, 0xff, 0, 0x41)).toBe("A");
    expect(decoded("utf-16", 0x41, 0)).toBe("A");
    expect(decoded("utf-16-le", 0xff, 0xfe, 0x41, 0)).toBe("\ufeffA");
    expect(decoded("utf-16-be", 0, 0x41)).toBe("A");
  });

  it("reads four bytes a character, by the mark at the beginning or without one", () => {
    expect(decoded("utf-32", 0xff, 0xfe, 0, 0, 0x80, 0xf6, 1, 0)).toBe("\u{1f680}");
    expect(decoded("U32", 0, 0, 0xfe, 0xff, 0, 0, 0, 0x41)).toBe("A");
    expect(decoded("utf-32", 0x41, 0, 0, 0)).toBe("A");
    expect(decoded("utf-32-le", 0xff, 0xfe, 0, 0)).toBe("\ufeff");
    expect(decoded("utf_32_be", 0, 0, 0, 0xe9)).toBe("é");
    expect(decoded("utf-32")).toBe("");
  });

  it("knows what the consoles of Windows write", () => {
    expect(decoded("cp437", 0x67, 0x72, 0x81, 0xe1, 0xc4, 0xff)).toBe("grüß─\xa0");
    expect(decoded("ibm850", 0x9b, 0xd5)).toBe("øı");
    expect(decoded("cp858", 0x9b, 0xd5)).toBe("ø€");
    expect(decoded("852", 0x88, 0xfc)).toBe("łŘ");
  });

  it.each([
    ["ascii", [0x41, 0xe9], "the byte at 1 is not ASCII"],
    ["utf-8", [0xe9], undefined],
    ["cp1252", [0x41, 0x81], "the byte at 1 is not in this code page"],
    ["utf-32", [0x41, 0, 0, 0, 0x42], "the bytes at 4 are no character"],
    ["utf-32-be", [0, 0, 0xd8, 0], "the bytes at 0 are no character"],
    ["utf-32-be", [0, 0x11, 0, 0], "the bytes at 0 are no character"],
    ["rot13", [0x41], "the encoding is not known"],
  ])("refuses what is no text in %s, and says why", (encoding, bytes, message) => {
    expect(() => decoded(encoding, ...bytes)).toThrow(message);
  });
});
