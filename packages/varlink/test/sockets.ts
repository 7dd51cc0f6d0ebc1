import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Fd, memfdSealed, openFds, readSealedMemfd, receiveMessage, sendMessage } from '@vpnext/native'
import type { ServeOptions } from '../src/server.ts'

/** A folder of the test's own. */
export function makeFolder(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'varlink-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}

/** What every server of the tests says about itself. */
export function serverAt(path: string): Omit<ServeOptions, 'interfaces'> {
  return { path, mode: 0o600, vendor: 'v', product: 'p', version: '1', url: 'https://example.io' }
}

/** Waits for something to come true; a test that waits in vain fails by its own time-out. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await wait(2)
}

/** Waits until as many descriptors are owned as before; a test with a leak fails by its time-out. */
export async function expectFds(count: number): Promise<void> {
  await until(() => openFds() === count)
}

/** A descriptor that can be told from others. */
export function labelled(label: string): Fd {
  return memfdSealed('test', Buffer.from(label))
}

/** The label of a descriptor, which is closed. */
export function labelOf(fd: Fd): string {
  using own = fd
  return Buffer.from(readSealedMemfd(own, 100)).toString()
}

/** Sends all bytes, waiting as needed; descriptors are closed. */
export async function sendAll(socket: Fd, text: string, fds: readonly Fd[] = []): Promise<void> {
  const bytes = Buffer.from(text)
  let pending = fds
  for (let sent = 0; sent < bytes.length;) {
    const taken = sendMessage(socket, bytes.subarray(sent, sent + 65_536), pending)
    if (taken === 'again') {
      await wait(1)
    } else {
      sent += taken
      pending = []
    }
  }
  for (const fd of fds) fd.close()
}

/** Receives until the other end closes; descriptors are closed. */
export async function receiveAll(socket: Fd): Promise<string> {
  const chunks: Buffer[] = []
  const buffer = Buffer.alloc(65_536)
  for (;;) {
    const got = receiveMessage(socket, buffer)
    if (got === 'again') {
      await wait(1)
      continue
    }
    for (const fd of got.fds) fd.close()
    if (got.length === 0) return Buffer.concat(chunks).toString()
    chunks.push(Buffer.from(buffer.subarray(0, got.length)))
  }
}
