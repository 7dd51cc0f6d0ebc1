import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { TypedKeys } from './typed-keys.ts'

/** A terminal that answers whatever is set with an error once it has gone, as node's do. */
class FakeTerminal extends PassThrough {
  readonly modes: boolean[] = []
  gone = false

  setRawMode(mode: boolean): void {
    if (this.gone) this.emit('error', new Error('setRawMode EIO'))
    else this.modes.push(mode)
  }
}

test('keys and modes pass until it is disposed, and then the terminal is at rest', async () => {
  const terminal = new FakeTerminal()
  const keys = new TypedKeys(terminal)
  keys.setRawMode(true)
  terminal.write('y')
  const [text] = await keys.take(1).toArray()
  expect(String(text)).toBe('y')
  expect(terminal.modes).toEqual([true])
  expect(keys.ended.aborted).toBe(false)
  keys[Symbol.dispose]()
  expect(terminal.isPaused()).toBe(true)
  expect(terminal.listenerCount('error')).toBe(new FakeTerminal().listenerCount('error'))
})

test('a terminal that has gone ends them, and what it answers then is thrown nowhere', () => {
  const terminal = new FakeTerminal()
  using keys = new TypedKeys(terminal)
  terminal.gone = true
  keys.setRawMode(false)
  expect(keys.ended.aborted).toBe(true)
})

test('the end of the input ends them', async () => {
  const terminal = new FakeTerminal()
  using keys = new TypedKeys(terminal)
  terminal.end()
  await expect.poll(() => keys.ended.aborted).toBe(true)
})
