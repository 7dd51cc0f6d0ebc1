/**
 * Stands in for stage 1 of a host where the real one is irrelevant: it speaks the protocol on fd 3 and does what the
 * want's parameters say, so that a test can drive the life cycle from outside. No sandbox.
 */
import { spawn } from 'node:child_process'
import { openSync, readSync } from 'node:fs'
import { Fd, getMark, inetSocket } from '@vpnext/native'
import { createPeer, implement, isVarlinkError, varlinkError } from '@vpnext/varlink'
import { abilityInterface, hostInterface } from '../src/protocol/host-interface.ts'

type Protectable = 'udp' | 'tcp' | 'file' | 'nothing'

/** One thing to do; the answer is logged as `<do>: <JSON>`. */
type Step =
  | { readonly do: 'create'; readonly config: object }
  | { readonly do: 'destroy'; readonly vpnId?: string }
  | { readonly do: 'protect'; readonly what: Protectable }
  | { readonly do: 'start' | 'stop'; readonly want: object }
  | { readonly do: 'attach' | 'hang' | 'exit' | 'throw' | 'load-failed' | 'fork' | 'garbage' | 'print' }

interface Script {
  readonly parameters?: {
    readonly secret?: string
    readonly onCreate?: Step[]
    readonly onRequest?: Step[]
    readonly onDestroy?: Step[]
  }
}

let onDestroy: readonly Step[] = []
const kept: Fd[] = []

// As the real one: nothing before the launch description has come.
if (readSync(3, Buffer.alloc(64 * 1024)) === 0) process.exit(0)

const peer = createPeer(Fd.adopt(3), {
  interfaces: [
    implement(abilityInterface, {
      Create: async ({ want }) => {
        const { parameters = {} } = want as Script
        onDestroy = parameters.onDestroy ?? []
        log(`onCreate ${parameters.secret === undefined ? '' : `secret of ${parameters.secret.length}`}`)
        await play('onCreate', parameters.onCreate)
        return {}
      },
      Request: async ({ want, startId }) => {
        log(`onRequest ${startId}`)
        await play('onRequest', (want as Script).parameters?.onRequest)
        return {}
      },
      Destroy: async () => {
        log('onDestroy')
        await play('onDestroy', onDestroy)
        // As the real one: what goes on beside it may still have something to say before the process is killed.
        await new Promise((resolve) => setImmediate(resolve))
        return {}
      },
      Connect: () => {
        log('onConnect')
        return {}
      },
      Disconnect: () => {
        log('onDisconnect')
        return {}
      },
      HandleRequest: ({ data, objects }) => ({ result: 0, data, objects }),
      RemoteDied: ({ node }) => {
        log(`died ${node}`)
        return {}
      },
      PageEvent: () => ({}),
      ConnectionLost: ({ connection }) => {
        log(`lost ${connection}`)
        return {}
      },
      AuthorizationResult: ({ allowed }) => {
        log(`authorized ${allowed}`)
        return {}
      },
      DeliverEvent: ({ subscriber, event, code, data }) => {
        log(`event ${subscriber} ${event} ${code ?? ''} ${data ?? ''}`)
        return { aborted: data === 'abort', ...(code !== undefined && { code: code + 1 }) }
      },
      TunnelGone: ({ interfaceName, reason }) => {
        log(`gone ${interfaceName}: ${reason}`)
        return {}
      },
    }),
  ],
})
void peer.closed.then(() => process.exit(0))

await peer.call(hostInterface, 'Attach', { sandbox: ['none: a test'], missing: ['everything'] })

async function play(callback: string, steps: readonly Step[] = []): Promise<void> {
  for (const step of steps) {
    if (step.do === 'throw')
      throw varlinkError(abilityInterface, 'CallbackFailed', { callback, reason: 'thrown by script' })
    if (step.do === 'load-failed') throw varlinkError(abilityInterface, 'LoadFailed', { reason: 'scripted' })
    const answer = await perform(step).catch((error: unknown) => describe(error))
    log(`${step.do}: ${JSON.stringify(answer)}`)
  }
}

async function perform(step: Step): Promise<unknown> {
  switch (step.do) {
    case 'create': {
      const { parameters, fds } = await peer.call(hostInterface, 'CreateVpn', { config: step.config })
      kept.push(...fds)
      return { ...parameters, fds: fds.length }
    }
    case 'destroy':
      return (
        await peer.call(hostInterface, 'DestroyVpn', step.vpnId === undefined ? {} : { vpnId: step.vpnId })
      ).parameters
    case 'protect': {
      const fds = openFor(step.what)
      await peer.call(hostInterface, 'Protect', {}, { fds })
      return { marks: fds.map((fd) => getMark(fd)) }
    }
    case 'start':
      return (await peer.call(hostInterface, 'StartAbility', { want: step.want })).parameters
    case 'stop':
      return (await peer.call(hostInterface, 'StopAbility', { want: step.want })).parameters
    case 'attach':
      return (await peer.call(hostInterface, 'Attach', { sandbox: [], missing: [] })).parameters
    case 'hang':
      return await new Promise(() => undefined)
    case 'exit':
      return process.exit(7)
    case 'fork':
      return { pid: spawn('sleep', ['600'], { stdio: 'ignore', detached: true }).pid }
    case 'garbage':
      await peer.close()
      return await new Promise(() => undefined)
    case 'print':
      process.stdout.write('to stdout\n')
      process.stderr.write('to stderr\n')
      return {}
    default:
      throw new Error(`not a step that is answered: ${step.do}`)
  }
}

function openFor(what: Protectable): Fd[] {
  if (what === 'nothing') return []
  if (what === 'file') return [Fd.adopt(openSync('/dev/null', 'r'))]
  return [inetSocket(6, what === 'udp' ? 'dgram' : 'stream')]
}

function describe(error: unknown): unknown {
  return isVarlinkError(error, hostInterface, 'BusinessError') ? error.parameters : String(error)
}

function log(message: string): void {
  peer.oneway(hostInterface, 'Log', { level: 'info', domain: 0, tag: 'script', message })
}
