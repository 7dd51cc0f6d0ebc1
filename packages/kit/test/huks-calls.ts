import type { Kits } from '../src/index.ts'

type Call = (...args: unknown[]) => Promise<unknown>

/** What sessions and exports answer. */
export interface HuksResult {
  readonly outData: Uint8Array
  readonly properties: { readonly tag: number; readonly value: unknown }[]
}

/** `huks` of extension code, with short names: `{ ALGORITHM: 'ALG_AES' }` is `HUKS_TAG_ALGORITHM` with `HUKS_ALG_AES`. */
export class HuksCalls {
  readonly #huks: object

  constructor(kits: Kits) {
    this.#huks = Reflect.get(kits.load('@kit.UniversalKeystoreKit') ?? {}, 'huks')
  }

  call(name: string, ...args: unknown[]): Promise<unknown> {
    const found: Call = Reflect.get(this.#huks, name)
    return found(...args)
  }

  async result(name: string, ...args: unknown[]): Promise<HuksResult> {
    return (await this.call(name, ...args)) as HuksResult
  }

  tag(name: string): number {
    return this.#values().get(`HUKS_TAG_${name}`) ?? 0
  }

  /** @param given texts name a value, or several with `|` between */
  options(given: Readonly<Record<string, unknown>>, inData?: unknown): object {
    const properties = Object.entries(given).map(([name, value]) => ({
      tag: this.tag(name),
      value: typeof value === 'string' ? this.#bits(value) : value,
    }))
    return inData === undefined ? { properties } : { properties, inData }
  }

  /** `initSession`, `updateSession` with all parts but the last, `finishSession`: what came out. */
  async run(
    alias: string,
    given: Readonly<Record<string, unknown>>,
    ...parts: Uint8Array[]
  ): Promise<Buffer> {
    const { handle } = (await this.call('initSession', alias, this.options(given))) as { handle: number }
    const output: Uint8Array[] = []
    for (const part of parts.slice(0, -1))
      output.push((await this.result('updateSession', handle, this.options(given, part))).outData)
    output.push((await this.result('finishSession', handle, this.options(given, parts.at(-1)))).outData)
    return Buffer.concat(output)
  }

  #bits(names: string): number {
    const values = this.#values()
    return names.split('|').reduce((bits, name) => bits | (values.get(`HUKS_${name}`) ?? Number.NaN), 0)
  }

  #values(): Map<string, number> {
    const enumerations: object[] = Object.values(this.#huks).filter((member) => typeof member === 'object')
    return new Map(enumerations.flatMap((each): [string, number][] => Object.entries(each)))
  }
}
