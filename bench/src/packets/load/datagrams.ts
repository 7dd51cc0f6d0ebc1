import { setTimeout as sleep } from 'node:timers/promises'
import { EndProcess } from '../end-process.ts'
import type { Link } from '../link.ts'
import type { Attempt } from './loss-search.ts'

const port = 43_000
const counterProgram = new URL('../ends/datagram-counter.js', import.meta.url)
const sourceProgram = new URL('../ends/datagram-source.js', import.meta.url)
/** For what is under way to arrive, ms. */
const settleMs = 150

/** What the generator is asked for. */
export interface Burst {
  readonly address: string
  readonly port: number
  /** Bytes of a datagram's payload. */
  readonly size: number
  /** Datagrams/s. */
  readonly rate: number
  readonly ms: number
}

/**
 * Our own generator and counter of UDP datagrams: sendmmsg(2) once a millisecond with as many as are due by then, and
 * recvmmsg(2); neither joins nor cuts them. They are the same for all contenders.
 */
export class Datagrams implements AsyncDisposable {
  readonly #source: EndProcess
  readonly #counter: EndProcess

  private constructor(source: EndProcess, counter: EndProcess) {
    this.#source = source
    this.#counter = counter
  }

  static async open(link: Link): Promise<Datagrams> {
    const counter = await EndProcess.start(link.b, counterProgram, { port })
    return new Datagrams(await EndProcess.start(link.a, sourceProgram, {}), counter)
  }

  /** Sends at a rate for a while, and counts what arrives. */
  async attempt(address: string, size: number, rate: number, ms: number): Promise<Attempt> {
    const before = Number(await this.#counter.ask('count'))
    const burst: Burst = { address, port, size, rate, ms }
    const sent = Number(await this.#source.ask(burst))
    await sleep(settleMs)
    const received = Number(await this.#counter.ask('count')) - before
    return { offered: (sent * 1000) / ms, delivered: (received * 1000) / ms }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#source[Symbol.asyncDispose](), this.#counter[Symbol.asyncDispose]()])
  }
}
