import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MetadataService } from "../../servers/metadataService.mjs";

describe("the double of the metadata service", () => {
  const service = new MetadataService();
  let url: string;
  beforeAll(async () => {
    url = await service.start();
    service.rows.addFlow("a%zz", {});
  });
  afterAll(async () => service.stop());

  // As aiohttp 3.14 answered: `/flows/{flow_id}` gave "100%", "%ff" and "a%zz" as they stand.
  it("takes a percent sign that begins no character as it stands, as aiohttp does", async () => {
    expect((await fetch(`${url}/flows/100%`)).status).toBe(404);
    expect((await fetch(`${url}/flows/%ff`)).status).toBe(404);
    expect(await (await fetch(`${url}/flows/a%zz`)).json()).toMatchObject({ flow_id: "a%zz" });
    expect((await fetch(`${url}/flows/a%25zz`)).status).toBe(200);
  });
});
