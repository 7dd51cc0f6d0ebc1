import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until a condition holds. @throws Error naming it after `timeoutMs` */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 30_000,
): Promise<void> {
  const end = performance.now() + timeoutMs
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`in vain: ${what}`)
    await sleep(10)
  }
}
