import { expect, test } from 'vitest'

import { notificationManagerNamespace } from './notification-manager.ts'

test('a notification becomes a line of the log', async () => {
  const lines: string[] = []
  const manager = notificationManagerNamespace(({ tag, message }) =>
    lines.push(`${tag} ${message}`),
  ) as Record<string, (...args: unknown[]) => unknown>
  const request = {
    id: 5,
    content: { notificationContentType: 0, normal: { title: 'VPN', text: 'connected' } },
  }
  await manager['publish']?.(request)
  expect(await manager['getActiveNotificationCount']?.()).toBe(1)
  await manager['cancel']?.(5)
  await manager['cancel']?.(5)
  expect(lines).toEqual(['notification 5: VPN – connected', 'notification 5: gone'])
  expect(manager['isNotificationEnabledSync']?.()).toBe(true)
  expect(() => manager['publish']?.({ content: {} })).toThrow(expect.objectContaining({ code: 401 }))
})
