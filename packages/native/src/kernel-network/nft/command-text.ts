import type { NftCommand, NftSet } from './command.ts'
import { elementKey } from './element.ts'
import type { NftStatement } from './statement.ts'

/** The commands in nft(8)'s language, one a line: what `nft -f` takes. */
export function formatNft(commands: readonly NftCommand[]): string {
  return commands.map((command) => `${formatNftCommand(command)}\n`).join('')
}

/** One command, without the end of the line. */
export function formatNftCommand(command: NftCommand): string {
  const table = `inet ${command.table}`
  switch (command.op) {
    case 'addTable':
      return `add table ${table}`
    case 'deleteTable':
      return `delete table ${table}`
    case 'addChain':
      return `add chain ${table} ${command.chain}${hookText(command.base)}`
    case 'flushChain':
      return `flush chain ${table} ${command.chain}`
    case 'deleteChain':
      return `delete chain ${table} ${command.chain}`
    case 'addRule':
      return `add rule ${table} ${command.chain} ${command.rule.map(statementText).join(' ')}`
    case 'addSet':
      return `add set ${table} ${command.set.name} { ${typeText(command.set)} }`
    case 'flushSet':
      return `flush set ${table} ${command.set.name}`
    case 'deleteSet':
      return `delete set ${table} ${command.set.name}`
    case 'addElements':
      return `add element ${table} ${elementsText(command)}`
    default:
      return `delete element ${table} ${elementsText(command)}`
  }
}

function hookText(base: (NftCommand & { op: 'addChain' })['base']): string {
  if (base === undefined) return ''
  return ` { type ${base.type} hook ${base.hook} priority ${base.priority}; policy accept; }`
}

function typeText({ type, interval }: NftSet): string {
  return `type ${type};${interval === true ? ' flags interval;' : ''}`
}

function elementsText({ set, elements }: { set: NftSet; elements: readonly string[] }): string {
  const texts = set.type === 'ifname' ? elements.map((name) => `"${name}"`) : elements
  return `${set.name} { ${texts.join(', ')} }`
}

function statementText(statement: NftStatement): string {
  switch (statement.kind) {
    case 'interface':
      return `${statement.side} "${statement.name}"`
    case 'interfaceIn':
      return `${statement.side} @${statement.set}`
    case 'tcp':
      return 'meta l4proto tcp'
    case 'tcpSyn':
      return 'tcp flags & (fin | syn | rst | ack) == syn'
    case 'mptcpJoin':
      return 'tcp option mptcp subtype 1'
    case 'udpBelow':
      return `udp dport < ${statement.port}`
    case 'udpPorts':
      return `udp sport ${statement.source} udp dport ${statement.destination}`
    case 'icmp':
      return `icmp type ${statement.type}`
    case 'icmpv6':
      return `icmpv6 type ${statement.types.length === 1 ? statement.types[0] : `{ ${statement.types.join(', ')} }`}`
    case 'icmpv6Error':
      return 'icmpv6 type < 128'
    case 'quotedSource': {
      // nft has no name for this field: bits from the transport header on.
      const [protocol, bits] = statement.family === 4 ? ['icmp', '160,32'] : ['icmpv6', '128,128']
      const address = elementKey(`ipv${statement.family}_addr`, statement.address)
      return `meta l4proto ${protocol} @th,${bits} 0x${address.toString('hex')}`
    }
    case 'hopLimit':
      return `ip6 hoplimit ${statement.value}`
    case 'connection':
      return `ct state ${statement.state}`
    case 'direction':
      return `ct direction ${statement.direction}`
    case 'ownAddress':
      return `fib ${statement.field} type ${statement.own ? '' : '!= '}local`
    case 'elsewhere':
      return 'fib daddr type unicast'
    case 'marked':
      return `${statement.of} mark & ${hexadecimal(statement.bits)} == ${hexadecimal(statement.bits)}`
    case 'markIn':
      return `meta mark & ${hexadecimal(statement.mask)} @${statement.set}`
    case 'user':
      return `meta skuid ${statement.uid}`
    case 'userIn':
      return `meta skuid @${statement.set}`
    case 'addressIn':
      return `${header(statement.family)} ${statement.field} @${statement.set}`
    case 'tcpIn': {
      const [remote, own] = statement.remote === 'saddr' ? ['sport', 'dport'] : ['dport', 'sport']
      return `${header(statement.family)} ${statement.remote} . tcp ${remote} . tcp ${own} @${statement.set}`
    }
    case 'serverIn':
      return `${header(statement.family)} daddr . meta l4proto . th dport @${statement.set}`
    case 'mark':
      return `${statement.of} mark set ${statement.of} mark | ${hexadecimal(statement.bits)}`
    case 'jump':
      return `jump ${statement.chain}`
    case 'reject':
      return `reject with ${statement.with}`
    default:
      return statement.kind
  }
}

function header(family: 4 | 6): 'ip' | 'ip6' {
  return family === 4 ? 'ip' : 'ip6'
}

function hexadecimal(mark: number): string {
  return `0x${mark.toString(16)}`
}
