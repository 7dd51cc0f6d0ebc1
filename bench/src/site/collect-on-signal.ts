import { collectedLine } from './collected-line.ts'

// Loaded into a service whose memory is looked at (`node --expose-gc --import`). V8 itself collects all garbage only every 2,000 to
// 3,000 creates, and lets memory rise by some 15 MiB until then: more than what a leak that matters would add.
process.on('SIGUSR2', () => {
  if (globalThis.gc === undefined) throw new TypeError('node was started without --expose-gc')
  globalThis.gc()
  process.stderr.write(`${collectedLine}\n`)
})
