import { expect, test } from 'vitest'

import { AbilityMonitors, lifecycleState } from './ability-monitors.ts'

const news = (event: 'shown' | 'gone', abilityName = 'Page'): Parameters<AbilityMonitors['tell']>[0] => ({
  moduleName: 'entry',
  abilityName,
  event,
})

test('a monitor hears of its page in the device’s order, and of no other, until it is removed', () => {
  const monitors = new AbilityMonitors('com.example.vpn')
  const heard: string[] = []
  const monitor = {
    abilityName: 'Page',
    onAbilityCreate: (page: object) => heard.push(`create ${JSON.stringify(Reflect.get(page, 'context'))}`),
    onAbilityForeground: () => heard.push('foreground'),
    onAbilityDestroy: () => heard.push('destroy'),
  }
  monitors.add(monitor)
  monitors.add({ abilityName: 'Page', moduleName: 'other', onAbilityCreate: () => heard.push('wrong') })
  monitors.tell(news('shown', 'Other'))
  monitors.tell(news('shown'))
  monitors.tell(news('gone'))
  monitors.remove(monitor)
  monitors.tell(news('shown'))
  expect(heard).toEqual([
    'create {"abilityInfo":{"bundleName":"com.example.vpn","moduleName":"entry","name":"Page"}}',
    'foreground',
    'destroy',
  ])
  expect(() => monitors.add({})).toThrow(expect.objectContaining({ code: 401 }))
})

test('waiting for a page: one that comes, one that has come, one that does not', async () => {
  const monitors = new AbilityMonitors('com.example.vpn')
  const monitor = { abilityName: 'Page' }
  const waiting = monitors.wait(monitor, 60_000)
  monitors.tell(news('shown'))
  const page = await waiting
  expect(await monitors.wait(monitor, 60_000)).toBe(page)
  expect([monitors.top(), monitors.stateOf(page)]).toEqual([page, lifecycleState.FOREGROUND])
  monitors.tell(news('gone'))
  expect(monitors.stateOf(page)).toBe(lifecycleState.DESTROY)
  expect(() => monitors.top()).toThrow(expect.objectContaining({ code: 16000100 }))
  await expect(monitors.wait({ abilityName: 'None' }, 1)).rejects.toMatchObject({ code: 16000100 })
  expect(Reflect.get(page, 'onForeground')).toBeUndefined()
  expect(() => monitors.stateOf({})).toThrow(expect.objectContaining({ code: 401 }))
})
