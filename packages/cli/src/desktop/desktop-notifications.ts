import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { errorText } from '@vpnext/native'

const run = promisify(execFile)

/** Notifications of one bundle that a desktop is shown in a minute: an extension may write as many as it likes. */
const perMinute = 10
/** Longest text that is shown, in characters. */
const maxText = 500
/** How long the session bus may take, in ms. */
const busTimeout = 5000

/** A line of the log, as far as it may be a notification: `7: title – text`, or `7: gone`. */
export interface NotificationLine {
  readonly bundleName: string
  readonly tag: string
  readonly message: string
}

/**
 * Shows notifications of extensions on the desktop of this session, by org.freedesktop.Notifications and systemd's `busctl`. An extension reaches no
 * desktop: what it publishes is a line of the log, and the user's own process shows it.
 */
export class DesktopNotifications {
  readonly #env: Readonly<Record<string, string | undefined>>
  readonly #warn: (text: string) => void
  /** The desktop's numbers, by bundle and the extension's number. */
  readonly #shown = new Map<string, number>()
  readonly #recent = new Map<string, number[]>()
  #warned = false
  #last: Promise<void> = Promise.resolve()

  /** @param warn is told once when there is no desktop */
  constructor(env: Readonly<Record<string, string | undefined>>, warn: (text: string) => void) {
    this.#env = env
    this.#warn = warn
  }

  /** Shows a line of the log that is a notification, after those before it; others are nothing to it. Never rejects. */
  show(line: NotificationLine): Promise<void> {
    const [, id, text = ''] = /^(-?\d+): (.*)$/s.exec(line.message) ?? []
    if (line.tag !== 'notification' || id === undefined || line.bundleName === '') return this.#last
    const key = `${line.bundleName} ${id}`
    if (text !== 'gone' && !this.#mayShow(line.bundleName)) return this.#last
    this.#last = this.#last
      .then(() => (text === 'gone' ? this.#close(key) : this.#open(key, line.bundleName, text)))
      .catch((error: unknown) => {
        if (!this.#warned) this.#warn(`the desktop takes no notifications: ${errorText(error)}`)
        this.#warned = true
      })
    return this.#last
  }

  async #open(key: string, bundleName: string, text: string): Promise<void> {
    // Desktops may read the text as markup.
    const escaped = text.slice(0, maxText).replaceAll('&', '&amp;').replaceAll('<', '&lt;')
    const replaced = String(this.#shown.get(key) ?? 0)
    const signature = 'susssasa{sv}i'
    const answer = await this.#call(
      'Notify',
      signature,
      'vpnext',
      replaced,
      '',
      bundleName,
      escaped,
      '0',
      '0',
      '-1',
    )
    const number = Number(/^u (\d+)/.exec(answer)?.[1])
    if (Number.isSafeInteger(number)) this.#shown.set(key, number)
  }

  async #close(key: string): Promise<void> {
    const number = this.#shown.get(key)
    if (number === undefined) return
    this.#shown.delete(key)
    await this.#call('CloseNotification', 'u', String(number))
  }

  async #call(method: string, ...args: string[]): Promise<string> {
    const name = 'org.freedesktop.Notifications'
    const { stdout } = await run(
      'busctl',
      ['--user', '--', 'call', name, `/${name.replaceAll('.', '/')}`, name, method, ...args],
      {
        env: { ...this.#env },
        timeout: busTimeout,
      },
    )
    return stdout
  }

  #mayShow(bundleName: string): boolean {
    const now = performance.now()
    const recent = (this.#recent.get(bundleName) ?? []).filter((at) => now - at < 60_000)
    if (recent.length < perMinute) recent.push(now)
    else return false
    this.#recent.set(bundleName, recent)
    return true
  }
}
