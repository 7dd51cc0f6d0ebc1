/**
 * What the service tells stage 1 of a host: JSON, the first record on fd 3. No secret is in it.
 */
export interface HostLaunch {
  /** Identity to take; undefined keeps the current one (inside a user namespace without such uids). */
  readonly identity?: { readonly uid: number; readonly gid: number }
  /** The node binary, as an absolute path of the service's own mount namespace. */
  readonly nodePath: string
  /** Folder with stage2.cjs and its native module, shown as /vpnext. */
  readonly hostImage: string
  /** Folder of the unpacked bundle (scripts/, resources/, archive.json), shown read-only as /bundle. */
  readonly bundleFolder: string
  /** The (user, bundle)'s own folder, owned by the host's uid, shown writable as /data/storage. */
  readonly dataFolder: string
  /** The resolver configuration of the uplink, shown read-only as /etc/resolv.conf; what is written into it is seen there. */
  readonly resolvConf: string
}
