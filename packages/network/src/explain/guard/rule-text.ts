import { entryOf, memberOf, stringOf } from './expression.ts'

/**
 * A rule as nft(8) writes it, from its JSON. What has no short form here stays JSON: it is for people to read, not for nft.
 *
 * @param statements the `expr` of a rule
 */
export function ruleText(statements: readonly unknown[]): string {
  return statements.map(statementText).join(' ')
}

function statementText(statement: unknown): string {
  const [kind, body] = entryOf(statement)
  switch (kind) {
    case 'match':
      return matchText(body)
    case 'jump':
    case 'goto':
      return `${kind} ${stringOf(body, 'target')}`
    case 'accept':
    case 'drop':
    case 'return':
      return kind
    case 'reject':
      return `reject${stringOf(body, 'type') === '' ? '' : ` with ${rejectText(body)}`}`
    case 'mangle':
      return `${expressionText(memberOf(body, 'key'))} set ${expressionText(memberOf(body, 'value'))}`
    default:
      return JSON.stringify(statement)
  }
}

/** How a packet is refused, e.g. `tcp reset`. */
export function rejectText(body: unknown): string {
  return [stringOf(body, 'type'), stringOf(body, 'expr')].filter((part) => part !== '').join(' ')
}

function matchText(match: unknown): string {
  const op = stringOf(match, 'op')
  const shown = op === '==' || op === 'in' ? '' : `${op} `
  return `${expressionText(memberOf(match, 'left'))} ${shown}${expressionText(memberOf(match, 'right'))}`
}

function expressionText(expression: unknown): string {
  if (typeof expression === 'number')
    return expression > 0xffff ? `0x${expression.toString(16)}` : String(expression)
  if (typeof expression === 'string') return expression
  if (Array.isArray(expression)) return expression.map(expressionText).join(',')
  const [kind, body] = entryOf(expression)
  switch (kind) {
    case 'meta':
    case 'ct':
      return `${kind} ${stringOf(body, 'key')}`
    case 'payload':
      return `${stringOf(body, 'protocol')} ${stringOf(body, 'field')}`
    case 'tcp option':
      return `tcp option ${stringOf(body, 'name')} ${stringOf(body, 'field')}`
    case 'concat':
      return partsOf(body).join(' . ')
    case '&':
    case '|':
      return partsOf(body).join(` ${kind} `)
    case 'set':
      return `{ ${partsOf(body).join(', ')} }`
    case 'prefix':
      return `${stringOf(body, 'addr')}/${String(memberOf(body, 'len'))}`
    case 'range':
      return partsOf(body).join('-')
    default:
      return JSON.stringify(expression)
  }
}

function partsOf(body: unknown): string[] {
  return Array.isArray(body) ? body.map(expressionText) : []
}
