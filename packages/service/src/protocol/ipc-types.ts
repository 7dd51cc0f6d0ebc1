import { type Fields, t } from '@vpnext/varlink'

/** The most bytes of data in one request or reply between processes, before base64: a binder transaction's 1 MiB. */
export const maxRequestBytes: number = 1024 * 1024

/** The most requests of one process that may wait for their replies; binder threads of a process are 16. */
export const maxRequestsAtOnce = 64

/**
 * What the one-way requests of one process may have on its way to processes that do not read: as many requests, bytes of base64 and
 * file descriptors. The device has room for half a binder buffer of them.
 */
export const maxOneWay = { requests: 1024, bytes: 4 * 1024 * 1024, descriptors: 64 } as const

/** The longest descriptor of a remote object, in UTF-16 units. */
export const maxDescriptor = 4096

/**
 * A remote object on its way. `own`: it lives in the process that reads this, under its own number; otherwise it lives
 * elsewhere and `id` is the service's number for it. The descriptor is what its owner calls it.
 */
export const remoteReference = t.struct({ own: t.bool, id: t.int, descriptor: t.string })

/** What a request or a reply carries. Nobody between the two ends looks into `data`. */
export const parcelFields = {
  /** Base64. */
  data: t.string,
  /** The remote objects that `data` speaks of, by their place in this list. */
  objects: t.array(remoteReference),
} satisfies Fields
