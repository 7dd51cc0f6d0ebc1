import { isIP } from 'node:net'

import { asyncForm, noInput } from '../call-forms.ts'
import { listParameter, parameterError, textParameter } from '../parameters.ts'
import type { Permit } from '../permissions.ts'
import { netError } from './net-error.ts'

/** Most names with addresses of their own. */
const maxRules = 128

/** Names that this process looks up nowhere, because it has said what their addresses are. */
const rules = new Map<string, readonly string[]>()

/** What a name stands for by `addCustomDnsRule`; undefined for one that the resolver is asked for. */
export function customAddresses(host: string): readonly string[] | undefined {
  return rules.get(keyOf(host))
}

/** `addCustomDnsRule`, `removeCustomDnsRule` and `clearCustomDnsRules` of `connection`. */
export function customDnsCalls(
  permit: Permit,
): Record<string, (...args: unknown[]) => Promise<void> | undefined> {
  const internet = (): void => permit('ohos.permission.INTERNET')
  return {
    addCustomDnsRule: asyncForm(
      ([host, addresses]) => ({ host: hostParameter(host), addresses: addressesParameter(addresses) }),
      async ({ host, addresses }) => {
        internet()
        if (!rules.has(host) && rules.size >= maxRules) throw netError(2100001, `there are ${maxRules} rules`)
        rules.set(host, addresses)
      },
    ),
    removeCustomDnsRule: asyncForm(
      ([host]) => hostParameter(host),
      async (host) => {
        internet()
        rules.delete(host)
      },
    ),
    clearCustomDnsRules: asyncForm(noInput, async () => {
      internet()
      rules.clear()
    }),
  }
}

function hostParameter(value: unknown): string {
  const host = textParameter(value, 'host')
  if (host === '' || host.includes('\0')) throw netError(2100001, 'host is not a name')
  return keyOf(host)
}

function addressesParameter(value: unknown): string[] {
  const addresses = listParameter(value, 'ip', textParameter)
  if (addresses.length === 0) throw parameterError('ip', 'is empty')
  const wrong = addresses.find((address) => isIP(address) === 0)
  if (wrong !== undefined) throw netError(2100001, `${wrong} is not an address`)
  return addresses
}

/** Names mean the same in capitals and with a dot at the end; RFC 1034, sections 3.1. */
function keyOf(host: string): string {
  return host.toLowerCase().replace(/\.$/, '')
}
