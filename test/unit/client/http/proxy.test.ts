import { describe, expect, it } from "vitest";
import { proxyFor } from "../../../../src/client/http/proxy.ts";

describe("proxyFor", () => {
  it.each([
    ["http://a.example/x", { HTTP_PROXY: "http://p:3128" }, "http://p:3128"],
    ["https://a.example/x", { HTTP_PROXY: "http://p:3128" }, undefined],
    ["https://a.example/x", { HTTPS_PROXY: "http://p:3128" }, "http://p:3128"],
    ["http://a.example/x", { HTTP_PROXY: "http://upper:1", http_proxy: "http://lower:1" }, "http://lower:1"],
    ["https://a.example/x", { ALL_PROXY: "http://all:1", https_proxy: "http://own:1" }, "http://own:1"],
    ["https://a.example/x", { all_proxy: "http://all:1" }, "http://all:1"],
    ["http://a.example/x", { HTTP_PROXY: "p:3128" }, "http://p:3128"],
    ["http://a.example/x", { HTTP_PROXY: "" }, undefined],
    ["http://a.example/x", {}, undefined],
  ])("of %s in %j is %s", (url, env, proxy) => {
    expect(proxyFor(url, env)).toBe(proxy);
  });

  it.each([
    ["http://a.example", "*", false],
    ["http://a.example", "a.example", false],
    ["http://A.Example", "b.example, a.EXAMPLE", false],
    ["http://a.example", "example", false],
    ["http://a.example", ".example", false],
    ["http://a.example", "*.example", false],
    ["http://a.example", "b.example a.example", false],
    ["http://nota.example", "a.example", true],
    ["http://a.example", ".a.example.org", true],
    ["http://a.example:8080", "a.example:8080", false],
    ["http://a.example:8080", "a.example:80", true],
    ["http://a.example", "a.example:80", false],
    ["https://a.example", "a.example:443", false],
    ["http://127.0.0.1:9", "127.0.0.1", false],
    ["http://127.0.0.1:9", "0.0.1", true],
    ["http://10.1.2.3", "10.0.0.0/8", false],
    ["http://11.1.2.3", "10.0.0.0/8", true],
    ["http://10.1.2.3", "10.0.0.0/99", true],
    ["http://[::1]:9", "::1", false],
    ["http://[::1]:9", "[::1]:9", false],
    ["http://[fd00::1]", "fd00::/8", false],
    ["http://a.example", ",, ,", true],
  ])("%s with NO_PROXY '%s': %s", (url, list, isAsked) => {
    const env = { HTTP_PROXY: "http://p:1", HTTPS_PROXY: "http://p:1", NO_PROXY: list };
    expect(proxyFor(url, env) !== undefined).toBe(isAsked);
  });
});
