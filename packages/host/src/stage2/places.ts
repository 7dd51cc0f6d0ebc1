/** Where the private root shows the bundle's code and resources. */
export const bundleFolder = '/bundle'
/** Where it shows the ability's writable folder, as on the device. */
export const dataFolder = '/data/storage'
/** Where it shows vpnext's own code. */
export const imageFolder = '/vpnext'
