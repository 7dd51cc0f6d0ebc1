import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applicationOfPath } from './cgroup-path.ts'
import { parseScopeName } from './scope-names.ts'

describe('names of control groups', () => {
  test.each([
    // systemd.io/DESKTOP_ENVIRONMENTS, with and without a launcher
    ['app-gnome-org.gnome.Evince-3210.scope', 'desktop', 'org.gnome.Evince'],
    ['app-org.kde.amarok-24a0bc.scope', 'desktop', 'org.kde.amarok'],
    ['app-gnome-firefox\\x2desr-4711.scope', 'desktop', 'firefox-esr'],
    ['app-cinnamon-code\\x2durl\\x2dhandler-1.scope', 'desktop', 'code-url-handler'],
    ['app-org.gnome.Terminal.slice', undefined, undefined],
    ['app-org.gnome.Terminal-77.slice', 'desktop', 'org.gnome.Terminal'],
    ['app-org.kde.kdeconnect@autostart.service', 'desktop', 'org.kde.kdeconnect'],
    ['app-KDE-org.kde.okular@12345.service', 'desktop', 'org.kde.okular'],
    ['app-gnome\\x2dsession\\x2dmanager.service', 'desktop', 'gnome-session-manager'],
    ['app-gnome-gnome\\x2dkeyring\\x2dssh-1234.scope', 'desktop', 'gnome-keyring-ssh'],
    // a launcher that forgot to escape
    ['app-gnome-gnome-terminal-1234.scope', 'desktop', 'gnome-terminal'],
    // a launcher with an escape of its own
    ['app-com.example\\x2dco.Launcher-org.example.App-9.scope', 'desktop', 'org.example.App'],
    // letters beyond ASCII, and an escape that is none
    ['app-gnome-caf\\xc3\\xa9-1.scope', 'desktop', 'café'],
    ['app-gnome-bad\\xff-1.scope', 'desktop', 'bad\\xff'],
    ['app-gnome-odd\\x2-1.scope', 'desktop', 'odd\\x2'],
    ['app-flatpak-org.mozilla.firefox-12345.scope', 'flatpak', 'org.mozilla.firefox'],
    ['app-flatpak-com.valvesoftware.Steam-2.scope', 'flatpak', 'com.valvesoftware.Steam'],
    ['snap.firefox.firefox-0a1b2c3d-0000-1111-2222-333344445555.scope', 'snap', 'firefox'],
    ['snap.firefox.firefox.0a1b2c3d-0000-1111-2222-333344445555.scope', 'snap', 'firefox'],
    ['snap.gnome-calculator.gnome-calculator-0a1b.scope', 'snap', 'gnome-calculator'],
    ['snap.gnome\\x2dcalculator.gnome\\x2dcalculator-0a1b.scope', 'snap', 'gnome-calculator'],
    ['snap.firefox_beta.firefox-0a1b.scope', 'snap', 'firefox_beta'],
    ['snap.firefox.hook.configure-0a1b.scope', 'snap', 'firefox'],
    ['snap.lxd.daemon.service', 'snap', 'lxd'],
    ['dbus-:1.2-org.gnome.Nautilus@0.service', 'dbus', 'org.gnome.Nautilus'],
  ])('%s', (name, kind, id) => {
    expect(parseScopeName(name)).toEqual(kind === undefined ? undefined : { kind, id })
  })

  test.each([
    'session-3.scope',
    'init.scope',
    'ssh.service',
    'user@1000.service',
    'app.slice',
    'app-.scope',
    'app-1.scope',
    'app-gnome--1.scope',
    'app-gnome-\\x2e\\x2e-1.scope',
    'app-gnome-a\\x2fb-1.scope',
    'app-gnome-a\\x00b-1.scope',
    'snap.firefox.scope',
    'snap..x-1.scope',
    'dbus-broker.service',
    'dbus-:1.2-@0.service',
    'application-x-1.scope',
    'app-x-1.socket',
    `app-gnome-${'a'.repeat(300)}-1.scope`,
    '',
  ])('%j says nothing', (name) => {
    expect(parseScopeName(name)).toBeUndefined()
  })

  test('every id comes back, however it must be escaped', () => {
    const escape = (text: string): string =>
      [...Buffer.from(text)]
        .map((byte) =>
          /[A-Za-z0-9_.:]/.test(String.fromCharCode(byte))
            ? String.fromCharCode(byte)
            : `\\x${byte.toString(16).padStart(2, '0')}`,
        )
        .join('')
    const id = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((text) => !/[/\0]|^\.+$/.test(text) && Buffer.from(text).toString() === text)
    fc.assert(
      fc.property(id, fc.constantFrom('', 'gnome-', 'flatpak-'), (text, launcher) => {
        fc.pre(escape(text).length < 200)
        expect(parseScopeName(`app-${launcher}${escape(text)}-42.scope`)?.id).toBe(text)
        expect(parseScopeName(`app-${launcher}${escape(text)}@42.service`)?.id).toBe(text)
      }),
    )
  })

  test('no text makes it fail', () => {
    const part = fc.constantFrom(
      'app',
      'snap',
      '-',
      '.',
      '@',
      '\\x2d',
      '\\x',
      'a',
      'scope',
      'service',
      ':',
      '/',
    )
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const found = parseScopeName(parts.join(''))
        if (found !== undefined) expect(found.id).toMatch(/^[^/\0]+$/)
      }),
    )
  })
})

describe('paths of control groups', () => {
  const session = '/user.slice/user-1000.slice/user@1000.service'
  test.each([
    [`${session}/app.slice/app-gnome-org.gnome.Evince-3210.scope`, 1000, 'org.gnome.Evince'],
    [
      `${session}/app.slice/app-flatpak-org.mozilla.firefox-1.scope/nested/deeper`,
      1000,
      'org.mozilla.firefox',
    ],
    [`${session}/app.slice/app-org.gnome.Terminal-7.slice/vte-spawn-1.scope`, 1000, 'org.gnome.Terminal'],
    [`${session}/app.slice/snap.firefox.firefox-1.scope`, 1000, 'snap:firefox'],
    ['/user.slice/user-0.slice/snap.lxd.lxc-1.scope', 0, 'snap:lxd'],
    [`${session}/user-0.slice/app-gnome-org.example-1.scope`, 1000, 'org.example'],
    ['system.slice/snap.lxd.daemon.service', undefined, 'snap:lxd'],
    ['/vpnext-lab/1000/com.example.app', 1000, 'com.example.app'],
    ['/vpnext-lab/1000/com.example.app/host-Vpn', 1000, 'com.example.app'],
  ])('%s', (path, uid, id) => {
    expect(applicationOfPath(path, 'lab')).toEqual(uid === undefined ? { id } : { uid, id })
  })

  test.each([
    '/',
    '',
    '/user.slice/user-1000.slice/session-3.scope',
    '/system.slice/ssh.service',
    '/vpnext-other/1000/com.example.app',
    '/vpnext-lab/1000',
    '/vpnext-lab/4294967295/com.example.app',
    '/vpnext-lab/01/com.example.app',
    '/vpnext-other/1000/app-flatpak-org.mozilla.firefox-1.scope',
  ])('%j is no application', (path) => {
    expect(applicationOfPath(path, 'lab')).toBeUndefined()
  })
})
