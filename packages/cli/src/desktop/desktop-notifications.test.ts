import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DesktopNotifications } from './desktop-notifications.ts'

let folder: string
let warnings: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-desktop-'))
  warnings = []
})
afterEach(() => rmSync(folder, { recursive: true }))

/** With a `busctl` that notes what it is called with, an argument a line, and answers as a desktop does. */
function desktop(answer: string): { notifications: DesktopNotifications; called: () => string[][] } {
  const calls = join(folder, 'calls')
  const script = `#!/bin/sh\nprintf '%s\\n' "$@" end >> ${calls}\n${answer}\n`
  writeFileSync(join(folder, 'busctl'), script, { mode: 0o700 })
  return {
    notifications: new DesktopNotifications({ PATH: `${folder}:/usr/bin:/bin` }, (text) =>
      warnings.push(text),
    ),
    called: () =>
      readFileSync(calls, 'utf8')
        .split('end\n')
        .slice(0, -1)
        .map((text) => text.split('\n').slice(6, -1)),
  }
}

const line = (
  message: string,
  tag = 'notification',
): { bundleName: string; tag: string; message: string } => ({
  bundleName: 'com.example.vpn',
  tag,
  message,
})

test('a notification is shown, replaced by the next of its number, and closed; other lines are not', async () => {
  const { notifications, called } = desktop('echo u 42')
  void notifications.show(line('7: up – <b>10 & 20</b>'))
  void notifications.show(line('7: of another tag', 'vpnextd'))
  void notifications.show(line('no number'))
  void notifications.show(line('7: down'))
  void notifications.show(line('8: gone'))
  await notifications.show(line('7: gone'))
  const shown = (replaced: string, text: string): string[] => [
    'Notify',
    'susssasa{sv}i',
    'vpnext',
    replaced,
    '',
    'com.example.vpn',
    text,
    '0',
    '0',
    '-1',
  ]
  expect(called()).toEqual([
    shown('0', 'up – &lt;b>10 &amp; 20&lt;/b>'),
    shown('42', 'down'),
    ['CloseNotification', 'u', '42'],
  ])
  expect(warnings).toEqual([])
})

test('a flood is not shown, and a session without a desktop is told of once', async () => {
  const { notifications, called } = desktop('echo no such name >&2; exit 1')
  for (let number = 0; number < 50; number++) void notifications.show(line(`${number}: x`))
  await notifications.show(line('1: gone'))
  expect(called()).toHaveLength(10)
  expect(warnings).toEqual([expect.stringContaining('no such name')])
})
