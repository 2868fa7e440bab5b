import { beforeAll, describe, expect, test } from "vitest";
import type { Ref } from "../../src/data/manifest";
import { joined, Payload } from "../../src/data/payload";

/** As `aeviz/report/_blobs.py` packs bytes. */
async function encodeRows(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return btoa(String.fromCharCode(...new Uint8Array(await new Response(stream).arrayBuffer())));
}

test("planes are put together", () => {
  // 0x0201 and 0x0403, little end first: low bytes 1 and 3, then high bytes 2 and 4.
  const planes = Uint8Array.from([1, 3, 2, 4]);
  expect([...new Uint16Array(joined(planes, 2))]).toEqual([0x0201, 0x0403]);
  const four = Uint8Array.from([1, 5, 2, 6, 3, 7, 4, 8]);
  expect([...new Uint32Array(joined(four, 4))]).toEqual([0x04030201, 0x08070605]);
  expect(joined(new Uint8Array(0), 2).byteLength).toBe(0);
});

describe("payload", () => {
  const contents = [
    Uint8Array.from([7, 0, 9]),
    Uint8Array.from([1, 3, 2, 4]),
    Uint8Array.from([0, 0, 0x80, 0x3f]),
    Uint8Array.from([0x00, 0x3c]),
    new TextEncoder().encode('["</script>", "\u6f22"]'),
  ];
  let texts: string[] = [];
  beforeAll(async () => {
    texts = await Promise.all(contents.map(encodeRows));
  });
  let nAsked = 0;
  const payload = new Payload((blob) => {
    nAsked++;
    return texts[blob]!;
  });
  const ref = (blob: number, dtype: Ref["dtype"]): Ref => ({ blob, dtype, shape: [] });

  test.each([
    [ref(0, "uint8"), Uint8Array.from([7, 0, 9])],
    [ref(1, "uint16"), Uint16Array.from([0x0201, 0x0403])],
    [ref(1, "uint32"), Uint32Array.from([0x04020301])],
    [ref(2, "float32"), Float32Array.from([1])],
  ])("unpacks %j", async (what, expected) => {
    expect(await payload.array(what)).toEqual(expected);
  });

  test("unpacks JSON", async () => {
    expect(await payload.json(ref(4, "json"))).toEqual(["</script>", "\u6f22"]);
    await expect(payload.array(ref(4, "json"))).rejects.toThrow("a blob of json is no array");
  });

  test("unpacks each blob once", async () => {
    await payload.array(ref(0, "uint8"));
    nAsked = 0;
    await Promise.all([payload.array(ref(0, "uint8")), payload.array(ref(0, "uint8"))]);
    expect(nAsked).toBe(0);
  });
});
