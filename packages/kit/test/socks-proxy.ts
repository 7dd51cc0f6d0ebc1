import { once } from 'node:events'
import { type AddressInfo, type Socket, connect, createServer } from 'node:net'

/** How a {@link SocksProxy} behaves. */
export interface SocksBehaviour {
  /** Asks for this login; absent: for none. */
  readonly login?: { readonly username: string; readonly password: string }
  /** Answers every request with this status, and connects to nobody. */
  readonly refusal?: number
  /** Says nothing at all. */
  readonly silent?: boolean
  /** The only way to log in that it takes. */
  readonly method?: number
}

/** A SOCKS5 proxy (RFC 1928, RFC 1929) on 127.0.0.1 that connects each of its clients to one port there, whatever they ask for. */
export interface SocksProxy extends AsyncDisposable {
  readonly port: number
  /** What clients asked for, `name:port`. */
  readonly asked: string[]
}

export async function startSocksProxy(target: number, behaviour: SocksBehaviour = {}): Promise<SocksProxy> {
  const asked: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    sockets.add(client)
    client.on('error', () => undefined)
    if (behaviour.silent === true) return
    void serve(client, target, behaviour, asked, sockets).catch(() => client.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const dispose = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  }
  return { port, asked, [Symbol.asyncDispose]: dispose }
}

async function serve(
  client: Socket,
  target: number,
  { login, refusal = 0, method = login === undefined ? 0 : 2 }: SocksBehaviour,
  asked: string[],
  sockets: Set<Socket>,
): Promise<void> {
  const next = async (): Promise<Buffer> => ((await once(client, 'data')) as [Buffer])[0]
  const [, , ...offered] = await next()
  if (!offered.includes(method)) return void client.end(Buffer.from([5, 255]))
  client.write(Buffer.from([5, method]))
  if (login !== undefined) {
    const { username, password } = login
    const wanted = Buffer.concat([
      Buffer.from([1, username.length]),
      Buffer.from(username),
      Buffer.from([password.length]),
      Buffer.from(password),
    ])
    const right = (await next()).equals(wanted)
    client.write(Buffer.from([1, right ? 0 : 1]))
    if (!right) return void client.end()
  }
  const request = await next()
  asked.push(destinationOf(request))
  const answer = Buffer.from([5, refusal, 0, 3, 4, ...Buffer.from('some'), 0, 80])
  if (refusal !== 0) return void client.end(answer)
  const far = connect(target, '127.0.0.1')
  sockets.add(far)
  far.on('error', () => client.destroy())
  // What the server says first comes in one piece with the answer.
  far.once('data', (first) => {
    client.write(Buffer.concat([answer, first]))
    far.pipe(client)
    client.pipe(far)
  })
}

function destinationOf(request: Buffer): string {
  const port = request.readUInt16BE(request.length - 2)
  const address = request.subarray(4, request.length - 2)
  return `${request[3] === 3 ? address.subarray(1).toString() : address.join('.')}:${port}`
}
