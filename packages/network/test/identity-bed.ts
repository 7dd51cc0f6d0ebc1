import { createInterface } from 'node:readline'
import { Namespace } from '@vpnext/lab'
import type { RtRule } from '@vpnext/native'
import type { Selectors } from '../src/identity/application-list.ts'
import type { TestProgram } from '../src/identity/compliance.ts'

/** Where sockets of the selectors are sent: a table that answers "prohibited". Everybody else finds no route. */
const INSIDE = 7000
const identityMask = 0x3e00_0000

const program = `
import errno, os, socket, sys
kinds = [(f, k) for k in (socket.SOCK_STREAM, socket.SOCK_DGRAM) for f in (socket.AF_INET, socket.AF_INET6)]
def way(family, kind):
    s = socket.socket(family, kind)
    try: s.connect(('203.0.113.80' if family == socket.AF_INET else '2001:db8:113::80', 7)); return 'connected'
    except OSError as error: return {errno.EACCES: 'inside', errno.EHOSTUNREACH: 'outside', errno.ENETUNREACH: 'outside'}.get(error.errno, str(error))
    finally: s.close()
def ways(): return ' '.join(way(f, k) for f, k in kinds)
print('ready', flush=True)
for line in sys.stdin:
    command = line.strip()
    if command == 'ways': print(ways(), flush=True)
    elif command == 'child':
        r, w = os.pipe()
        if os.fork() == 0: os.write(w, ways().encode()); os._exit(0)
        print(os.read(r, 999).decode(), flush=True); os.wait()
    elif command == 'connect':
        server = socket.socket(); server.bind(('127.0.0.1', 0)); server.listen()
        mine = socket.create_connection(server.getsockname()); theirs, _ = server.accept(); theirs.setblocking(False)
        print('done', flush=True)
    elif command == 'connected':
        try: mine.send(b'x'); print('true', flush=True)
        except OSError: print('false', flush=True)
`

/** A network namespace for the compliance suite: loopback, and routes that only say no. */
export class IdentityNetwork implements AsyncDisposable {
  readonly namespace: Namespace = Namespace.create('identity')
  #rules: RtRule[] = []

  constructor() {
    using netlink = this.namespace.rtnetlink()
    netlink.apply(
      ([4, 6] as const).map((family) => ({
        op: 'addRoute',
        route: { family, destination: family === 4 ? '0.0.0.0/0' : '::/0', table: INSIDE, type: 'prohibit' },
      })),
    )
  }

  /** Sends what the selectors match inside. */
  route({ marks, uids }: Selectors): void {
    using netlink = this.namespace.rtnetlink()
    netlink.apply(this.#rules.map((rule) => ({ op: 'deleteRule', rule })))
    this.#rules = ([4, 6] as const).flatMap((family) => {
      const rule = { family, priority: 100, action: 'lookup', table: INSIDE } as const
      return [
        ...marks.map((mark) => ({ ...rule, mark, mask: identityMask })),
        ...uids.map((uid) => ({ ...rule, uidRange: { from: uid, to: uid } })),
      ]
    })
    netlink.apply(this.#rules.map((rule) => ({ op: 'addRule', rule })))
  }

  /** @param prefix of the command, e.g. `setpriv --reuid 1000`, or a shell that enters a control group */
  async start(prefix: readonly string[]): Promise<TestProgram> {
    // Not the python3 of the PATH, which may be in root's home.
    const command = [...prefix, '/usr/bin/python3', '-c', program]
    const child = this.namespace.spawn('env', command, { stdio: ['pipe', 'pipe', 'inherit'] })
    const lines = createInterface(child.stdout!)[Symbol.asyncIterator]()
    const ask = async (question: string): Promise<string> => {
      child.stdin!.write(`${question}\n`)
      return String((await lines.next()).value)
    }
    if ((await lines.next()).value !== 'ready') throw new Error('the program did not start')
    return {
      ways: () => ask('ways'),
      waysOfChild: () => ask('child'),
      connect: async () => void (await ask('connect')),
      isConnected: async () => (await ask('connected')) === 'true',
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.namespace[Symbol.asyncDispose]()
  }
}

/** Runs `sh -c` that puts itself into a control group and then becomes the rest of the arguments. */
export function inCgroup(path: string, ...prefix: readonly string[]): string[] {
  return ['sh', '-c', 'echo $$ > "$0/cgroup.procs" && exec "$@"', path, ...prefix]
}
