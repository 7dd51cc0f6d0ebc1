import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

import { peerName } from './socket-name.ts'
import { bindUnix, connectUnixSocket, unixSocket } from './unix-client.ts'
import { acceptUnix, listenUnix } from './unix-socket.ts'

test('a client with a name of its own is seen under it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vpnext-unix-'))
  try {
    using server = listenUnix(join(folder, 'server'), { mode: 0o600 })
    using client = unixSocket()
    bindUnix(client, join(folder, 'client'))
    expect(() => connectUnixSocket(client, join(folder, 'none'))).toThrow(
      expect.objectContaining({ code: 'ENOENT' }),
    )
    connectUnixSocket(client, join(folder, 'server'))
    using accepted = acceptUnix(server)
    if (accepted === undefined) throw new Error('nobody connected')
    expect(peerName(accepted)).toEqual({ family: 'unix', path: join(folder, 'client') })
  } finally {
    rmSync(folder, { recursive: true })
  }
})
