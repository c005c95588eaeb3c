/** Pickles of protocol 4 that CPython 3.11 wrote, of the values in the comments. */
export const PICKLES = {
  // {"a": 1, "b": [True, None, 1.0, -0.0, 2.5e-7, 10**30], "t": (1, 2), "e": {}, "l": [], "u": 'Grüße "q"\n'}
  plain:
    "gASVaAAAAAAAAAB9lCiMAWGUSwGMAWKUXZQoiE5HP/AAAAAAAABHgAAAAAAAAABHPpDG96C17Y2KDQAAAEDq7XRG0JwsnwxljAF0lEsBSwKGlIwBZZR9lIwBbJRdlIwBdZSMDEdyw7zDn2UgInEiCpR1Lg==",
  // {1: "i", 1.5: "f", None: "n", True and "s": "s", (1, 2): "t", b"x": "b"}
  keys: "gASVNQAAAAAAAAB9lChLAYwBaZRHP/gAAAAAAACMAWaUTowBbpSMAXOUaARLAUsChpSMAXSUQwF4lIwBYpR1Lg==",
  // {np.uint8(3): "b", np.int16(-4): "s", np.int64(2**60): "l"}
  numpyKeys:
    "gASV2QAAAAAAAAB9lCiMFm51bXB5Ll9jb3JlLm11bHRpYXJyYXmUjAZzY2FsYXKUk5SMBW51bXB5lIwFZHR5cGWUk5SMAnUxlImIh5RSlChLA4wBfJROTk5K/////0r/////SwB0lGJDAQOUhpRSlIwBYpRoA2gGjAJpMpSJiIeUUpQoSwOMATyUTk5OSv////9K/////0sAdJRiQwL8/5SGlFKUjAFzlGgDaAaMAmk4lImIh5RSlChLA2gTTk5OSv////9K/////0sAdJRiQwgAAAAAAAAAEJSGlFKUjAFslHUu",
  // [float("nan"), {1}, b"\x00\xff", Decimal("1.50"), frozenset()]
  lossy: "gASVPQAAAAAAAABdlChHf/gAAAAAAACPlChLAZBDAgD/lIwHZGVjaW1hbJSMB0RlY2ltYWyUk5SMBDEuNTCUhZRSlCiRlGUu",
  // ValueError("a value", 42)
  exc: "gASVKwAAAAAAAACMCGJ1aWx0aW5zlIwKVmFsdWVFcnJvcpSTlIwHYSB2YWx1ZZRLKoaUUpQu",
  // s = ["s"]; [s, s]
  shared: "gASVDgAAAAAAAABdlChdlIwBc5RhaAFlLg==",
  // loop = [1]; loop.append({"up": loop})
  loop: "gASVEQAAAAAAAABdlChLAX2UjAJ1cJRoAHNlLg==",
  // {"k": [0, {"x y": {7}}]}
  nested: "gASVHQAAAAAAAAB9lIwBa5RdlChLAH2UjAN4IHmUj5QoSweQc2VzLg==",
  // "x🚀" * 300
  text: "gASV4wUAAAAAAABY3AUAAHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agHjwn5qAePCfmoB48J+agJQu",
  // bytes(range(48))
  raw: "gASVNAAAAAAAAABDMAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEiIyQlJicoKSorLC0uL5Qu",
  // [deque([1, 2], maxlen=3), defaultdict(list, {"odd": [1]}), Counter("ab"), OrderedDict(z=1), PurePosixPath("/a/b"), slice(1, None, 2)]
  made: "gASV3wAAAAAAAABdlCiMC2NvbGxlY3Rpb25zlIwFZGVxdWWUk5QpSwOGlFKUKEsBSwJlaAGMC2RlZmF1bHRkaWN0lJOUjAhidWlsdGluc5SMBGxpc3SUk5SFlFKUjANvZGSUXZRLAWFzaAGMB0NvdW50ZXKUk5R9lCiMAWGUSwGMAWKUSwF1hZRSlGgBjAtPcmRlcmVkRGljdJSTlClSlIwBepRLAXOMB3BhdGhsaWKUjA1QdXJlUG9zaXhQYXRolJOUjAEvlIwBYZSMAWKUh5RSlGgIjAVzbGljZZSTlEsBTksCh5RSlGUu",
} as const;
