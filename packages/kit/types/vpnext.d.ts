/// <reference lib="esnext.disposable" />

/**
 * What `@vpnext/packet` and `@vpnext/wireguard` need of the language and of node besides what ArkTS has. Code that imports
 * them runs in vpnext only. Their own declarations come with them.
 */
interface AbortSignal {
  readonly aborted: boolean
  readonly reason: unknown
  throwIfAborted(): void
}

interface AbortController {
  readonly signal: AbortSignal
  abort(reason?: unknown): void
}

declare var AbortController: { new (): AbortController }

interface URL {
  readonly href: string
}

declare var URL: { new (url: string, base?: string | URL): URL }
