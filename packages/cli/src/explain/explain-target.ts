import { parseAddress } from '@vpnext/ip'
import { type NetworkView, type PacketExplanation, explainPacket, readNetworkView } from '@vpnext/network'
import { resolve } from 'node:path'
import { type CliContext, printResult } from '../context.ts'
import { type NamePath, type Resolution, findNamePath, resolveName } from './name-path.ts'
import { nameSentences, resolutionSentence } from './name-sentences.ts'
import { packetSentences } from './packet-sentences.ts'
import { type Protocol, type Target, questionOf } from './question.ts'
import { type KnowledgeOptions, type ServiceKnowledge, askService } from './service-knowledge.ts'

/** Options of `vpnext explain`. */
export interface ExplainOptions extends KnowledgeOptions {
  readonly port?: number
  readonly protocol: Protocol
  readonly json?: boolean
}

/**
 * Tells where packets to an address or a name go from this network namespace, and why.
 *
 * @throws CliFailure 3 when only a service could tell which packets are meant, 4 when it may not
 */
export async function explainTarget(
  context: CliContext,
  target: Target,
  options: ExplainOptions,
): Promise<void> {
  const knowledge = await askService(context, options)
  const view = readNetworkView()
  const name =
    target.kind === 'name' ? await explainName(context, target.name, options, knowledge, view) : undefined
  const addresses = target.kind === 'address' ? [target] : (name?.resolution.addresses ?? [])
  const packets = addresses.map((each) => {
    const explanation = explainPacket(questionOf(each, knowledge.program, options), view)
    return { ...explanation, sentences: packetSentences(each.address, explanation, view, knowledge) }
  })
  const sentences = [...(name?.sentences ?? []), ...packets.flatMap((packet) => packet.sentences)]
  const result = { service: knowledge.state, program: knowledge.program, name, packets, sentences }
  printResult(context, options, result, () => sentences)
}

/** What is told of a name before its addresses. */
interface ExplainedName {
  readonly path: NamePath
  /** The question to the server; absent when none is asked. */
  readonly question?: PacketExplanation
  readonly resolution: Resolution
  readonly sentences: readonly string[]
}

async function explainName(
  context: CliContext,
  name: string,
  options: ExplainOptions,
  knowledge: ServiceKnowledge,
  view: NetworkView,
): Promise<ExplainedName> {
  const path = findNamePath(name, knowledge.program, resolve(options.resolvConf))
  const server = path.kind === 'server' ? parseAddress(path.asked) : undefined
  const question =
    path.kind === 'server' && server !== undefined
      ? explainPacket(
          questionOf({ address: path.asked, family: server.family }, knowledge.program, {
            protocol: 'udp',
            port: 53,
          }),
          view,
        )
      : undefined
  const resolution = await resolveName(name, path, context.signal)
  return {
    path,
    ...(question === undefined ? {} : { question }),
    resolution,
    sentences: [
      ...nameSentences(name, path),
      ...(question === undefined
        ? []
        : packetSentences(`The question to ${question.question.destination}`, question, view, knowledge)),
      resolutionSentence(name, resolution),
    ],
  }
}
