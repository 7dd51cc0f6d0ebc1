import { once } from 'node:events'
import type { Link } from '../link.ts'

/** Round trips from end a, in ms, by ping(8); the kernel of end b answers. */
export async function ping(
  link: Link,
  address: string,
  count: number,
  intervalMs: number,
): Promise<number[]> {
  const words = `-n -c ${count} -i ${intervalMs / 1000} -w ${Math.ceil((count * intervalMs) / 1000) + 5} ${address}`
  const child = link.a.spawn('ping', words.split(' '), { stdio: ['ignore', 'pipe', 'ignore'] })
  let text = ''
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()))
  await once(child, 'close')
  const times = readPing(text)
  if (times.length < count / 2) throw new Error(`ping ${address}: ${times.length} of ${count} answers`)
  return times
}

/** @param text of ping: `64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=0.061 ms` */
export function readPing(text: string): number[] {
  return [...text.matchAll(/ time=([\d.]+) ms/g)].map((found) => Number(found[1]))
}
