// A host has no screen. These are what a desktop's would be: resourceManager.DeviceType.TWO_IN_ONE, the density at which one
// vp is one pixel (SCREEN_MDPI), Direction.DIRECTION_HORIZONTAL.
export const deviceType = 0x07
/** The same in names of resource folders and in `deviceInfo`. */
export const deviceName = '2in1'
export const screenDensity = 160
export const direction = 1
