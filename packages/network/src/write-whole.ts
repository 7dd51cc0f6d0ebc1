import { writeSync } from 'node:fs'

/** Writes all bytes over the beginning of a file: write(2) may take a part at a time. @throws node's error of write */
export function writeWhole(fd: number, bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.length;)
    offset += writeSync(fd, bytes, offset, bytes.length - offset, offset)
}
