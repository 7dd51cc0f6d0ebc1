import { Writable } from 'node:stream'
import { type hostInfo, publicInterface, type tunnelInfo } from '@vpnext/service/protocol'
import type { Infer } from '@vpnext/varlink'
import { connectService } from '../connect.ts'
import type { CliContext } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../cli-failure.ts'
import { performVerb } from '../run-cli.ts'

/** The demo's view of one service: the same command line a person would type, and a look at status and logs. */
export interface Session {
  /** Runs a verb; what it prints as its result is not shown. @throws what the verb throws */
  run(args: readonly string[]): Promise<void>
  waitForTunnel(bundleName: string): Promise<Infer<typeof tunnelInfo>>
  host(bundleName: string): Promise<Infer<typeof hostInfo>>
  /** What the extension logged so far. */
  messages(bundleName: string): Promise<string[]>
}

/** An extension that has no tunnel by then will not make one, in ms. */
const tunnelTimeout = 10_000

export function createSession(context: CliContext, runDir: string): Session {
  const options = { runDir }
  return {
    async run(args) {
      const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
      const env = { ...context.env, VPNEXT_RUN_DIR: runDir }
      // Consent is asked on standard error, which the person sees.
      await performVerb(args, { ...context, stdout: silent, env })
    },
    async waitForTunnel(bundleName) {
      await using client = await connectService(context, options)
      // Not AbortSignal.timeout: node 20 forgets one that only AbortSignal.any refers to.
      const limit = new AbortController()
      const timer = setTimeout(() => limit.abort(), tunnelTimeout)
      const signal = AbortSignal.any([context.signal, limit.signal])
      try {
        for await (const { parameters } of client.stream(publicInterface, 'MonitorStatus', {}, { signal })) {
          const tunnel = parameters.status.tunnels.find((candidate) => candidate.bundleName === bundleName)
          if (tunnel !== undefined) return tunnel
        }
      } catch (error) {
        if (context.signal.aborted || !signal.aborted) throw error
      } finally {
        clearTimeout(timer)
      }
      const messages = await this.messages(bundleName)
      const text = `${bundleName} made no tunnel within ${tunnelTimeout / 1000} s; it logged:`
      throw new CliFailure(exitCodes.failure, [text, ...messages].join('\n    '))
    },
    async host(bundleName) {
      await using client = await connectService(context, options)
      const { status } = (await client.call(publicInterface, 'GetStatus', {}, { signal: context.signal }))
        .parameters
      const host = status.hosts.find((candidate) => candidate.bundleName === bundleName)
      if (host === undefined) throw new CliFailure(exitCodes.failure, `${bundleName} has ended by itself`)
      return host
    },
    async messages(bundleName) {
      await using client = await connectService(context, options)
      const found: string[] = []
      const parameters = { bundleName, follow: false }
      for await (const item of client.stream(publicInterface, 'ReadLogs', parameters, {
        signal: context.signal,
      })) {
        found.push(item.parameters.entry.message)
      }
      return found
    },
  }
}
