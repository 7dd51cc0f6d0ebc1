import { type ClosedTunnel, type Journal, type NetworkSettings, repair } from '@vpnext/network'
import type { LogBook } from '../logs/log-book.ts'
import { serviceSubject } from '../logs/log-entry.ts'

/**
 * Takes back what a service that was killed has left. Always-on tunnels are closed and stay so.
 *
 * @returns those; whoever finds that one is not wanted any more destroys it
 * @throws SystemError when the kernel does not answer
 */
export async function repairNetwork(
  journal: Journal,
  network: NetworkSettings,
  logs: LogBook,
): Promise<readonly ClosedTunnel[]> {
  const report = await repair(journal, network, { keepsClosed: () => true })
  for (const { interfaceName, undone, failed } of report.tunnels) {
    const text = `${interfaceName}: undone after a crash: ${undone.join('; ') || 'nothing was left'}`
    logs.note('warn', serviceSubject, text)
    for (const what of failed) logs.note('error', serviceSubject, `${interfaceName}: not undone: ${what}`)
  }
  for (const what of report.swept) logs.note('warn', serviceSubject, `removed a leftover: ${what}`)
  for (const { interfaceName } of report.closed) {
    logs.note(
      'warn',
      serviceSubject,
      `${interfaceName}: always-on, stays closed after a crash until it is made anew`,
    )
  }
  return report.closed
}
