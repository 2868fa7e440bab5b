/** Unpack the arrays of the page: see `aeviz/report/_blobs.py`, which packs them. */

import type { Ref } from "./manifest";

export type Values = Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array;

export class Payload {
  private readonly found = new Map<number, Promise<Uint8Array>>();

  /** @param textOf gives the base64 text of a blob. */
  constructor(private readonly textOf: (blob: number) => string) {}

  /** Payload of the blobs that stand in a document's elements `blob-0`, `blob-1` and so on. */
  static of(document: Document): Payload {
    return new Payload((blob) => {
      const element = document.getElementById(`blob-${blob}`);
      if (!element) throw new Error(`the page has no blob ${blob}`);
      return element.textContent ?? "";
    });
  }

  async array(ref: Ref): Promise<Values> {
    const bytes = await this.bytes(ref.blob);
    switch (ref.dtype) {
      case "uint8":
        return bytes;
      case "uint16":
        return new Uint16Array(joined(bytes, 2));
      case "uint32":
        return new Uint32Array(joined(bytes, 4));
      case "float32":
        return new Float32Array(joined(bytes, 4));
      case "float64":
        return new Float64Array(joined(bytes, 8));
      default:
        throw new Error(`a blob of ${ref.dtype} is no array`);
    }
  }

  async json(ref: Ref): Promise<unknown> {
    return JSON.parse(new TextDecoder().decode(await this.bytes(ref.blob)));
  }

  private bytes(blob: number): Promise<Uint8Array> {
    let bytes = this.found.get(blob);
    if (!bytes) {
      bytes = inflated(fromBase64(this.textOf(blob)));
      this.found.set(blob, bytes);
    }
    return bytes;
  }
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

async function inflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Put the planes of `size` bytes a value together again. */
export function joined(planes: Uint8Array, size: number): ArrayBuffer {
  const n = planes.length / size;
  const bytes = new Uint8Array(planes.length);
  for (let plane = 0; plane < size; plane++)
    for (let i = 0, from = plane * n; i < n; i++) bytes[i * size + plane] = planes[from + i]!;
  return bytes.buffer;
}
