export interface TunnelStatistics {
  packetsOut: number;
  packetsIn: number;
  bytesOut: number;
  bytesIn: number;
}

/**
 * Begins to carry packets between a TUN descriptor and a server, one IP packet in one datagram, on a thread of its own.
 *
 * @param protect is asked to keep the socket out of the tunnel before the first datagram
 * @param onState hears `connected`, `stopped` and `failed: …`
 */
export const start: (tunFd: number, server: string, port: number, protect: (socketFd: number) => Promise<void>,
  onState: (state: string) => void) => void;
export const stop: () => void;
export const statistics: () => TunnelStatistics;
