import { createInterface } from 'node:readline'
import type { Namespace } from '@vpnext/lab'

/** What a socket is asked to do. */
export interface Attempt {
  readonly protocol: 'tcp' | 'udp' | 'mptcp'
  readonly address: string
  /** 7, the echo server, when absent. */
  readonly port?: number
  /** SO_BINDTODEVICE */
  readonly device?: string
  /** IP_UNICAST_IF or IPV6_UNICAST_IF, an interface index. */
  readonly unicastIf?: number
  readonly source?: string
  /** UDP: connect(2) first. */
  readonly connect?: boolean
  readonly timeoutMs?: number
  /** TCP and MPTCP: how often it says something more and waits for an answer, 20 milliseconds apart. */
  readonly rounds?: number
}

/** A program of an application that talks when asked. */
export interface AppProgram {
  readonly pid: number
  /** The address the echo server saw, or the code of the error; `ETIMEDOUT` when nothing came back. */
  attempt(attempt: Attempt): Promise<string>
  /** Asks a resolver for www.lab.test; the number of the question's type is 1 or 28. Says who answered. */
  resolve(
    server: string,
    options?: { readonly protocol?: 'udp'; readonly connect?: boolean },
  ): Promise<string>
  /** Sends a lone last fragment with a raw socket tied to an interface. */
  fragment(address: string, device: string): Promise<string>
  /** Opens a connection and keeps it: the address it came from. */
  hold(address: string): Promise<string>
  /** What has become of it: `open`, or the code of its error. */
  held(): Promise<string>
}

const program = `
import errno, json, socket, struct, sys, time
def family(address): return socket.AF_INET6 if ':' in address else socket.AF_INET
def prepared(a):
    f = family(a['address']); s = socket.socket(f, *{'tcp': (socket.SOCK_STREAM,), 'mptcp': (socket.SOCK_STREAM, 262), 'udp': (socket.SOCK_DGRAM,)}[a['protocol']])
    s.settimeout(a.get('timeoutMs', 2000) / 1000)
    if 'device' in a: s.setsockopt(socket.SOL_SOCKET, 25, a['device'].encode())
    if 'unicastIf' in a: s.setsockopt(*((41, 76) if f == socket.AF_INET6 else (0, 50)), struct.pack('!I', a['unicastIf']))
    if 'source' in a: s.bind((a['source'], 0))
    return s
def attempt(a):
    s = prepared(a); where = (a['address'], a.get('port', 7))
    if a['protocol'] != 'udp':
        s.connect(where); seen = s.recv(99).decode().split(' ')[0]
        for round in range(a.get('rounds', 0)): time.sleep(0.02); s.sendall(b'more'); s.recv(99)
        return seen
    if a.get('connect'): s.connect(where); s.send(b'?')
    else: s.sendto(b'?', where)
    return s.recv(99).decode().split(' ')[0]
def resolve(a):
    name = b''.join(bytes([len(part)]) + part for part in (b'www', b'lab', b'test')) + bytes(1)
    question = struct.pack('!6H', 4711, 0x100, 1, 0, 0, 0) + name + struct.pack('!2H', 1, 1)
    s = prepared({**a, 'protocol': 'udp'}); where = (a['address'], 53)
    if a.get('connect'): s.connect(where); s.send(question)
    else: s.sendto(question, where)
    answer, peer = s.recvfrom(999)
    return peer[0] if answer[:2] == question[:2] and struct.unpack('!H', answer[6:8])[0] > 0 else 'no answer'
def fragment(a):
    f = family(a['address']); s = socket.socket(f, socket.SOCK_RAW, socket.IPPROTO_RAW)
    s.setsockopt(socket.SOL_SOCKET, 25, a['device'].encode())
    data = b'fragment' * 4
    if f == socket.AF_INET:
        packet = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(data), 7, 1, 64, 17, 0, bytes(4), socket.inet_aton(a['address'])) + data
    else:
        packet = struct.pack('!IHBB16s16s', 6 << 28, 8 + len(data), 44, 64, socket.inet_pton(f, a['own']), socket.inet_pton(f, a['address']))
        packet += struct.pack('!BBHI', 17, 0, 8, 7) + data
    s.sendto(packet, (a['address'], 0)); return 'sent'
kept = None
def hold(a):
    global kept
    kept = socket.create_connection((a['address'], 7), 2); kept.recv(99); return kept.getsockname()[0]
def held(a):
    kept.settimeout(0.2)
    try: return 'open' if kept.recv(9) else 'end'
    except TimeoutError: return 'open'
print('"ready"', flush=True)
for line in sys.stdin:
    a = json.loads(line)
    try: answer = globals()[a['do']](a)
    except TimeoutError: answer = 'ETIMEDOUT'
    except OSError as error: answer = errno.errorcode.get(error.errno, str(error))
    print(json.dumps(answer), flush=True)
`

/**
 * Starts one in a namespace.
 *
 * @param prefix of the command, e.g. `setpriv --reuid 1000`, or what enters a control group
 */
export async function startProgram(namespace: Namespace, prefix: readonly string[]): Promise<AppProgram> {
  // Not the python3 of the PATH, which may be in root's home.
  const command = [...prefix, '/usr/bin/python3', '-c', program]
  const child = namespace.spawn('env', command, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout!)[Symbol.asyncIterator]()
  const next = async (): Promise<string> => JSON.parse(String((await lines.next()).value))
  const ask = (question: object): Promise<string> => {
    child.stdin!.write(`${JSON.stringify(question)}\n`)
    return next()
  }
  if ((await next()) !== 'ready') throw new Error('the program did not start')
  return {
    pid: child.pid!,
    attempt: (attempt) => ask({ do: 'attempt', ...attempt }),
    resolve: (address, options) => ask({ do: 'resolve', address, ...options }),
    fragment: (address, device) => ask({ do: 'fragment', address, device, own: 'fd77:1::2' }),
    hold: (address) => ask({ do: 'hold', address }),
    held: () => ask({ do: 'held' }),
  }
}
