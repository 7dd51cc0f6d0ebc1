import { expect, test } from 'vitest'
import { ConsentDesk, type ConsentRequest } from './consent-desk.ts'

const asked = {
  bundleName: 'com.example.vpn',
  label: 'Example',
  abilityName: 'VpnAbility',
  ownerUid: 1000,
  codeHash: 'a'.repeat(64),
  permissions: [],
}
const patient = new AbortController().signal

test('starts at the same time share one question and its answer', async () => {
  const desk = new ConsentDesk(60_000)
  const heard: ConsentRequest[] = []
  using _listener = desk.onQuestion((request) => heard.push(request))
  const answers = [desk.ask(asked, patient), desk.ask(asked, patient)]
  expect(desk.pending()).toHaveLength(1)
  desk.answer(1000, 'com.example.vpn', 'allowed')
  expect(await Promise.all(answers)).toEqual(['allowed', 'allowed'])
  expect(heard).toHaveLength(1)
  expect(desk.pending()).toEqual([])
})

test('a question is for its own user and bundle', async () => {
  const desk = new ConsentDesk(60_000)
  const answer = desk.ask(asked, patient)
  expect(desk.answer(1001, 'com.example.vpn', 'allowed')).toBeUndefined()
  expect(desk.answer(1000, 'com.example.other', 'allowed')).toBeUndefined()
  expect(desk.pending()).toHaveLength(1)
  expect(desk.answer(1000, 'com.example.vpn', 'denied')).toMatchObject(asked)
  expect(await answer).toBe('denied')
})

test('a question nobody answers expires, and can be asked again', async () => {
  const desk = new ConsentDesk(20)
  expect(await desk.ask(asked, patient)).toBe('expired')
  expect(desk.pending()).toEqual([])
  const second = desk.ask(asked, patient)
  desk.answer(1000, 'com.example.vpn', 'allowed')
  expect(await second).toBe('allowed')
})

test('a question goes with the last of those who asked', async () => {
  const desk = new ConsentDesk(60_000)
  const first = new AbortController()
  const second = new AbortController()
  const answers = [desk.ask(asked, first.signal), desk.ask(asked, second.signal)]
  first.abort()
  expect(await answers[0]).toBe('withdrawn')
  expect(desk.pending()).toHaveLength(1)
  second.abort()
  expect(await answers[1]).toBe('withdrawn')
  expect(desk.pending()).toEqual([])
  expect(await desk.ask(asked, first.signal)).toBe('withdrawn')
})

test('a question about new code withdraws the one about the old', async () => {
  const desk = new ConsentDesk(60_000)
  const old = desk.ask(asked, patient)
  const fresh = desk.ask({ ...asked, codeHash: 'b'.repeat(64) }, patient)
  expect(await old).toBe('withdrawn')
  expect(desk.pending().map((request) => request.codeHash)).toEqual(['b'.repeat(64)])
  desk.answer(1000, 'com.example.vpn', 'allowed')
  expect(await fresh).toBe('allowed')
})
