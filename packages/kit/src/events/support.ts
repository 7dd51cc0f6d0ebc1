/**
 * `commonEventManager.Support`: names of the system's events by their constants. A subscription to one is accepted; here no
 * part of the system publishes any, apart from what system applications publish themselves.
 */
const names = [
  'BOOT_COMPLETED',
  'LOCKED_BOOT_COMPLETED',
  'SHUTDOWN',
  'BATTERY_CHANGED',
  'BATTERY_LOW',
  'BATTERY_OKAY',
  'POWER_CONNECTED',
  'POWER_DISCONNECTED',
  'POWER_SAVE_MODE_CHANGED',
  'CHARGING',
  'DISCHARGING',
  'DEVICE_IDLE_MODE_CHANGED',
  'SCREEN_OFF',
  'SCREEN_ON',
  'SCREEN_LOCKED',
  'SCREEN_UNLOCKED',
  'THERMAL_LEVEL_CHANGED',
  'USER_PRESENT',
  'USER_STARTED',
  'USER_STOPPED',
  'USER_SWITCHED',
  'USER_UNLOCKED',
  'TIME_TICK',
  'TIME_CHANGED',
  'TIMEZONE_CHANGED',
  'DATE_CHANGED',
  'LOCALE_CHANGED',
  'PACKAGE_ADDED',
  'PACKAGE_REPLACED',
  'PACKAGE_CHANGED',
  'PACKAGE_REMOVED',
  'PACKAGE_RESTARTED',
  'PACKAGE_DATA_CLEARED',
  'MY_PACKAGE_REPLACED',
  'CONNECTIVITY_CHANGE',
  'AIRPLANE_MODE',
  'WIFI_POWER_STATE',
  'WIFI_CONN_STATE',
  'WIFI_SCAN_FINISHED',
  'WIFI_RSSI_VALUE',
  'WIFI_HOTSPOT_STATE',
  'ETHERNET_STATE_CHANGED',
] as const

/** Events whose names do not follow from the constant's. */
const otherNames: Readonly<Record<string, string>> = {
  CONNECTIVITY_CHANGE: 'usual.event.CONNECTIVITY_CHANGE',
  WIFI_POWER_STATE: 'usual.event.wifi.POWER_STATE',
  WIFI_CONN_STATE: 'usual.event.wifi.CONN_STATE',
  WIFI_SCAN_FINISHED: 'usual.event.wifi.SCAN_FINISHED',
  WIFI_RSSI_VALUE: 'usual.event.wifi.RSSI_VALUE',
  WIFI_HOTSPOT_STATE: 'usual.event.wifi.HOTSPOT_STATE',
  AIRPLANE_MODE: 'usual.event.AIRPLANE_MODE',
  ETHERNET_STATE_CHANGED: 'usual.event.ethernet.STATE_CHANGED',
}

/** Constants to names, e.g. `COMMON_EVENT_SCREEN_OFF` to `usual.event.SCREEN_OFF`. */
export const support: Readonly<Record<string, string>> = Object.fromEntries(
  names.map((name) => [`COMMON_EVENT_${name}`, otherNames[name] ?? `usual.event.${name}`]),
)
