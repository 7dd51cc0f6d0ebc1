import { BusinessError } from '@vpnext/api'

import { parameterError, textParameter } from '../parameters.ts'
import { provide } from '../provided.ts'
import { unreadableText } from './arkts-error.ts'

const NodeUrl = globalThis.URL

/** `url.URLParams`, and its older name `url.URLSearchParams`: node's. */
class UrlParams extends URLSearchParams {
  constructor(init?: unknown) {
    super(initOf(init))
  }
}

/** `url.URL`: node's, with the errors of the device and `params`. */
class KitUrl extends NodeUrl {
  constructor(url: unknown, base?: unknown) {
    super(readable(url, base))
  }

  /** @throws BusinessError 401, 10200002 */
  static parseURL(url: unknown, base?: unknown): KitUrl {
    return new KitUrl(url, base)
  }

  get params(): URLSearchParams {
    return this.searchParams
  }
}

/** `url` of `@kit.ArkTS`. */
export function urlNamespace(): object {
  return provide('url', { URL: KitUrl, URLParams: UrlParams, URLSearchParams: UrlParams })
}

/** The whole URL. @throws BusinessError 401, 10200002 */
function readable(url: unknown, base: unknown): string {
  const text = textParameter(url, 'url')
  const start = base instanceof NodeUrl ? base.href : base
  try {
    return new NodeUrl(text, start === undefined ? undefined : textParameter(start, 'base')).href
  } catch (error) {
    if (error instanceof BusinessError) throw error
    throw unreadableText('url', 'url', error)
  }
}

function initOf(value: unknown): string | Record<string, string> | [string, string][] | undefined {
  if (value === undefined || typeof value === 'string') return value
  if (value instanceof URLSearchParams) return value.toString()
  if (Array.isArray(value)) {
    return value.map((pair: unknown): [string, string] => {
      if (!Array.isArray(pair) || pair.length !== 2)
        throw parameterError('init', 'holds something else than pairs')
      return [String(pair[0]), String(pair[1])]
    })
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, String(member)]))
  }
  throw parameterError('init', 'is neither text, pairs nor an object')
}
