/** The part of WebAssembly's JavaScript interface used here; TypeScript declares it with the DOM only. */
interface WebAssemblyInterface {
  readonly Memory: new (size: { initial: number; maximum: number }) => WasmMemory
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (
    module: object,
    imports: Record<string, Record<string, WasmMemory>>,
  ) => { readonly exports: Readonly<Record<string, unknown>> }
}

/** Memory that never moves; `buffer` stays the same because it is never grown. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer
}

/** Bytes of a WebAssembly page. */
export const wasmPage = 65536

/** Undefined where node was started without it (`--jitless`). */
export const webAssembly: WebAssemblyInterface | undefined = find()

function find(): WebAssemblyInterface | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- standard, but not in TypeScript's ES2023 library
  return (globalThis as { WebAssembly?: WebAssemblyInterface }).WebAssembly
}
