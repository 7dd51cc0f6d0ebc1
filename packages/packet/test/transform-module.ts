/** A transform module from its text: what the worker thread imports. */
export function transformModule(text: string): URL {
  return new URL(`data:text/javascript,${encodeURIComponent(text)}`)
}

/** Passes packets on as they are. */
export const relay: URL = transformModule(`
  export default ({ arena, tun, udp }) => ({
    fromTun(batch) {
      while (batch.next()) {
        arena.copySum(udp.reserve(batch.length), batch.offset, batch.length)
        udp.commit(batch.length)
      }
    },
    fromUdp(batch) {
      while (batch.next()) tun.write(batch.offset, batch.length)
    },
  })
`)

/** Seals packets with one key for each direction; \`data\` is 1 or 2, the side. The counter goes in front, padding is to 16 bytes. */
export const sealing: URL = transformModule(`
  const key = (side) => Uint8Array.from({ length: 32 }, (_, index) => index * 5 + side)
  export default ({ arena, tun, udp, aead, data, post }) => {
    const sealer = aead.sealer(key(data))
    const opener = aead.opener(key(3 - data))
    const lengthOf = (at) => arena.bytes[at] >> 4 === 4 ? arena.view.getUint16(at + 2) : arena.view.getUint16(at + 4) + 40
    let refused = 0
    return {
      fromTun(batch) {
        while (batch.next()) {
          const padded = batch.pad(16)
          const at = udp.reserve(8 + padded + 16)
          arena.view.setFloat64(at, sealer.seal(batch.offset, padded, at + 8))
          udp.commit(8 + padded + 16)
        }
      },
      fromUdp(batch) {
        while (batch.next()) {
          const at = batch.offset + 8
          const length = opener.open(at, batch.length - 8, at, arena.view.getFloat64(batch.offset))
          if (length < 0) refused++
          else tun.write(at, lengthOf(at))
        }
      },
      onMessage: () => post(refused),
      [Symbol.dispose]() { sealer[Symbol.dispose](); opener[Symbol.dispose]() },
    }
  }
`)
