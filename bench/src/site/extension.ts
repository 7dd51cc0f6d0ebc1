import { publicInterface } from '@vpnext/service/protocol'
import { type VarlinkClient, connectVarlink } from '@vpnext/varlink'

/** The bundle in bench/projects/figures. */
export const bundleName = 'io.vpnext.figures'
const abilityName = 'FiguresAbility'
/** The bundle's other extension: answers common events. */
export const listenerName = 'ListenerAbility'

/** A job that has not answered by then never will, in ms. */
const jobTimeout = 120_000

/** One call as the extension timed it, in ms. */
export type Times = readonly number[]

interface Waiting {
  resolve(times: Times): void
  reject(error: Error): void
}

/** The extension under measurement, seen from a program of its user. */
export class Extension implements AsyncDisposable {
  readonly #client: VarlinkClient
  readonly #waiting = new Map<number, Waiting>()
  readonly #end = new AbortController()
  readonly #reading: Promise<void>
  #runs = 0

  private constructor(client: VarlinkClient) {
    this.#client = client
    this.#reading = this.#read()
  }

  /** @param runDir of a service that has the bundle, with consent */
  static async connect(runDir: string): Promise<Extension> {
    return new Extension(await connectVarlink(`${runDir}/io.vpnext`))
  }

  /** Has a job done, starting the extension where it does not run. @throws Error with what the extension failed at */
  async run(job: string, parameters: Readonly<Record<string, string | number>> = {}): Promise<Times> {
    const run = (this.#runs += 1)
    const answer = new Promise<Times>((resolve, reject) => this.#waiting.set(run, { resolve, reject }))
    const timer = setTimeout(
      () => this.#settle(run, new Error(`${job}: no answer in ${jobTimeout} ms`)),
      jobTimeout,
    )
    try {
      await Promise.all([this.start({ job, run, ...parameters }), answer])
      return await answer
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(run)
    }
  }

  /** One start request; resolves once the service has answered. */
  async start(
    parameters: Readonly<Record<string, string | number>>,
    name: string = abilityName,
  ): Promise<void> {
    const want = { deviceId: '', bundleName, abilityName: name, parameters }
    await this.#client.call(publicInterface, 'StartAbility', { want })
  }

  /** Resolves once its process has ended and its tunnel is gone. */
  async stop(name: string = abilityName): Promise<void> {
    await this.#client.call(publicInterface, 'StopAbility', {
      want: { deviceId: '', bundleName, abilityName: name },
    })
  }

  /** The process of the host. @throws Error when there is none */
  async pid(): Promise<number> {
    const { status } = (await this.#client.call(publicInterface, 'GetStatus', {})).parameters
    const host = status.hosts.find(
      (candidate) => candidate.bundleName === bundleName && candidate.abilityName === abilityName,
    )
    if (host === undefined) throw new Error('the extension does not run')
    return host.pid
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort()
    await this.#reading
    await this.#client.close()
  }

  async #read(): Promise<void> {
    const { signal } = this.#end
    try {
      const logs = this.#client.stream(
        publicInterface,
        'ReadLogs',
        { bundleName, follow: true, last: 0 },
        { signal },
      )
      for await (const { parameters } of logs) this.#take(parameters.entry.message)
    } catch (error) {
      if (signal.aborted) return
      const reason = error instanceof Error ? error : new Error(String(error))
      for (const waiting of this.#waiting.values()) waiting.reject(reason)
    }
  }

  #take(message: string): void {
    const answer = readFigures(message)
    if (answer !== undefined) this.#settle(answer.run, answer.times)
  }

  #settle(run: number, outcome: Times | Error): void {
    const waiting = this.#waiting.get(run)
    if (outcome instanceof Error) waiting?.reject(outcome)
    else waiting?.resolve(outcome)
  }
}

/** What the extension logs at the end of a job: `figures {"run":1,"times":[…]}` or `…"error":…}`; undefined for other lines. */
export function readFigures(
  message: string,
): { readonly run: number; readonly times: Times | Error } | undefined {
  const text = /^figures (\{.*\})$/.exec(message)?.[1]
  if (text === undefined) return undefined
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null || !('run' in value) || typeof value.run !== 'number')
    return undefined
  const { run } = value
  if ('times' in value && Array.isArray(value.times)) return { run, times: value.times.map(Number) }
  return { run, times: new Error(`the extension failed: ${'error' in value ? String(value.error) : text}`) }
}
