// Stage 1: as root with all capabilities, so that every later denial is the sandbox's and not missing privilege.
// argv: the path of stage 2, the name of an abstract unix socket, then the paths that may be read.
import {
  createNetworkNamespace,
  execve,
  hostFilterBeforeExec,
  installFilter,
  openTun,
  restrictFilesystem,
  setNoNewPrivileges,
  withNetworkNamespace,
} from '@vpnext/native'

const [, , second = '', abstract = '', ...readable] = process.argv
const namespace = createNetworkNamespace()
const { fd } = withNetworkNamespace(namespace, () => openTun({ name: 'sandboxed', vnetHeader: true }))

setNoNewPrivileges()
const { abi, scoped } = restrictFilesystem(
  [
    ...readable.map((path) => ({ path, access: ['read', 'execute'] as const })),
    { path: '/dev', access: ['read', 'write', 'ioctl'] },
    { path: '/proc', access: ['read'] },
  ],
  { scope: true },
)
installFilter(hostFilterBeforeExec(), { allThreads: false })
execve(
  process.execPath,
  [process.execPath, second, String(fd.number), abstract, JSON.stringify({ abi, scoped })],
  { OPENSSL_CONF: '/dev/null' },
  { keep: [fd.number] },
)
