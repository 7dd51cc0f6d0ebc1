import { provide } from '../provided.ts'

/**
 * `resourceManager` of `@kit.LocalizationKit` as a module: its constants. The resource manager of a module is
 * `context.resourceManager`.
 */
export function resourceManagerNamespace(): object {
  return provide('resourceManager', {
    Direction: provide('resourceManager.Direction', { DIRECTION_VERTICAL: 0, DIRECTION_HORIZONTAL: 1 }),
    ColorMode: provide('resourceManager.ColorMode', { DARK: 0, LIGHT: 1 }),
    DeviceType: provide('resourceManager.DeviceType', {
      DEVICE_TYPE_PHONE: 0x00,
      DEVICE_TYPE_TABLET: 0x01,
      DEVICE_TYPE_CAR: 0x02,
      DEVICE_TYPE_PC: 0x03,
      DEVICE_TYPE_TV: 0x04,
      DEVICE_TYPE_WEARABLE: 0x06,
      DEVICE_TYPE_2IN1: 0x07,
    }),
    ScreenDensity: provide('resourceManager.ScreenDensity', {
      SCREEN_SDPI: 120,
      SCREEN_MDPI: 160,
      SCREEN_LDPI: 240,
      SCREEN_XLDPI: 320,
      SCREEN_XXLDPI: 480,
      SCREEN_XXXLDPI: 640,
    }),
  })
}
