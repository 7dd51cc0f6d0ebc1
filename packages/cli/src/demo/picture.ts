import type { DemoReport } from './report.ts'

/** The one picture at the end: where packets went, what was checked, what is left. */
export function drawReport(report: DemoReport): string[] {
  const { kernel, gateway } = report
  const inside =
    gateway === undefined ? '' : `IPv4 ${gateway.fromClients.v4} out, ${gateway.toClients.v4} back`
  const inside6 =
    gateway === undefined ? '' : `IPv6 ${gateway.fromClients.v6} out, ${gateway.toClients.v6} back`
  const lines = [
    '',
    `  programs ──▶ ${kernel.interfaces[0]?.split(' ')[0] ?? 'no tunnel'} ──▶ ${report.bundleName} (its own process, ${report.sandbox.length} locks)`,
    '                                │ protected socket, by the uplink',
    '                                ▼',
    '  client 10.77.1.2 ── router ── gateway 10.77.2.2 ── internet 203.0.113.80',
  ]
  if (gateway !== undefined)
    lines.push(`                                counted there: ${inside}; ${inside6}`)
  lines.push('', '  as the kernel had it')
  for (const line of kernel.interfaces) lines.push(`    interface  ${line}`)
  for (const line of kernel.addresses) lines.push(`    address    ${line}`)
  for (const line of kernel.rules) lines.push(`    rule       ${line}`)
  for (const line of shorten(kernel.routes)) lines.push(`    route      ${line}`)
  for (const line of kernel.resolvConf)
    if (line !== '' && !line.startsWith('#')) lines.push(`    DNS        ${line}`)
  lines.push(`    guard      ${kernel.guard.length} lines of nftables (--json shows them)`)
  lines.push('', '  what was seen')
  for (const check of report.checks)
    lines.push(`    ${check.ok ? '✓' : '✗'} ${check.claim}`, `        ${check.seen}`)
  lines.push(`    ✓ sandbox: ${report.sandbox.join(', ')}`)
  for (const reason of report.refused) lines.push(`    – not here: ${reason}`)
  lines.push(
    report.leftBehind.length === 0
      ? '    ✓ after the stop: rules, routes, interfaces, nftables and resolv.conf equal those before'
      : '    ✗ after the stop something is left:',
  )
  for (const line of report.leftBehind) lines.push(`        ${line}`)
  lines.push('', report.ok ? '  all of it holds' : '  NOT all of it holds', '')
  return lines
}

function shorten(lines: readonly string[]): string[] {
  return lines.length <= 12 ? [...lines] : [...lines.slice(0, 12), `and ${lines.length - 12} more`]
}
