import { expect, test } from 'vitest'

import { support } from './support.ts'

test.each([
  ['COMMON_EVENT_SCREEN_OFF', 'usual.event.SCREEN_OFF'],
  ['COMMON_EVENT_AIRPLANE_MODE_CHANGED', 'usual.event.AIRPLANE_MODE'],
  ['COMMON_EVENT_HTTP_PROXY_CHANGE', 'usual.event.HTTP_PROXY_CHANGE'],
  ['COMMON_EVENT_WIFI_AP_STA_JOIN', 'usual.event.wifi.WIFI_HS_STA_JOIN'],
  ['COMMON_EVENT_WIFI_P2P_PEERS_STATE_CHANGED', 'usual.event.wifi.p2p.DEVICES_CHANGE'],
  ['COMMON_EVENT_USB_DEVICE_ATTACHED', 'usual.event.hardware.usb.action.USB_DEVICE_ATTACHED'],
  [
    'COMMON_EVENT_BLUETOOTH_HANDSFREE_AG_AUDIO_STATE_UPDATE',
    'usual.event.bluetooth.handsfree.ag.AUDIO_STATE_UPDATE',
  ],
  ['COMMON_EVENT_DISTRIBUTED_ACCOUNT_LOGIN', 'common.event.DISTRIBUTED_ACCOUNT_LOGIN'],
])('%s is %s, as on the device', (constant, name) => {
  expect(support[constant]).toBe(name)
})

test('no name is given twice', () => {
  const names = Object.values(support)
  expect(new Set(names).size).toBe(names.length)
})
