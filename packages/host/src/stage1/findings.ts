import { errorText } from '@vpnext/native'
/** What the sandbox really applied, and what the kernel refused here, each in words for people. */
export class Findings {
  readonly applied: string[] = []
  readonly missing: string[] = []

  /** @param name e.g. `own /proc` */
  apply(name: string): void {
    this.applied.push(name)
  }

  /** @param reason why it is not there, e.g. the kernel's error */
  miss(name: string, reason: unknown): void {
    this.missing.push(`${name}: ${errorText(reason)}`)
  }
}

/** Environment variable by which stage 1 tells stage 2. */
export const findingsVariable = 'VPNEXT_SANDBOX'

/** Reads what stage 1 left in the environment. @throws Error when stage 2 was started by something else */
export function readFindings(text: string | undefined): { applied: string[]; missing: string[] } {
  const value: unknown = text === undefined ? undefined : JSON.parse(text)
  const applied = list(value, 'applied')
  const missing = list(value, 'missing')
  if (applied === undefined || missing === undefined)
    throw new Error(`${findingsVariable}: was not set by stage 1`)
  return { applied, missing }
}

function list(value: unknown, name: string): string[] | undefined {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
  return Array.isArray(found) && found.every((item) => typeof item === 'string') ? found : undefined
}
