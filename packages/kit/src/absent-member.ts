import type { BusinessError } from '@vpnext/api'

import { stateMember } from './arkui-state.ts'
import { inertMember } from './arkui-values.ts'

/** Makes the error for a name that is used. */
export type Absent = (path: string) => BusinessError

/**
 * Stands for a namespace, a function or a class that is not there: it can be looked at, passed on and asked for its type. Any use, reading a member,
 * calling, constructing or extending, fails with the error that `absent` makes.
 *
 * @param path e.g. `@kit.ArkUI.router`; some of ArkUI's are there all the same
 */
export function absentMember(path: string, absent: Absent): object {
  const there = stateMember(path) ?? inertMember(path)
  if (there !== undefined) return there
  const refuse = (): never => {
    throw absent(path)
  }
  return new Proxy(function () {}, {
    get(_target, member): unknown {
      if (typeof member === 'symbol' || lookedUpOnAnything.has(member)) return undefined
      const part = inertMember(`${path}.${member}`)
      if (part !== undefined) return part
      // A class that extends it looks for this first.
      throw absent(member === 'prototype' ? path : `${path}.${member}`)
    },
    apply: refuse,
    construct: refuse,
  })
}

/** Names that `await`, JSON, bundlers, inspectors and test tools look up on any object they meet. */
export const lookedUpOnAnything: ReadonlySet<string> = new Set([
  'then',
  'toJSON',
  'default',
  '__esModule',
  'inspect',
  'href',
  'nodeType',
  'tagName',
  'asymmetricMatch',
  '$$typeof',
])
