import { machine, release, version } from 'node:os'

import { deviceName } from '../localization/screen.ts'

/** The newest API version whose VPN calls are here. */
export const sdkApiVersion: number = 22

/** What of `deviceInfo` scripts ask a device for, too. */
export interface DeviceFacts {
  readonly deviceType: string
  readonly manufacture: string
  readonly brand: string
  readonly marketName: string
  readonly productModel: string
  readonly abiList: string
  readonly displayVersion: string
  readonly incrementalVersion: string
  readonly osReleaseType: string
  readonly osFullName: string
  readonly sdkApiVersion: number
}

/** A Linux machine, in the words of `deviceInfo`. */
export const deviceFacts: DeviceFacts = {
  deviceType: deviceName,
  manufacture: 'vpnext',
  brand: 'vpnext',
  marketName: 'Linux',
  productModel: machine(),
  abiList: abiName(machine()),
  displayVersion: `Linux ${release()}`,
  incrementalVersion: version(),
  osReleaseType: 'Release',
  osFullName: `Linux-${release()}`,
  sdkApiVersion,
}

function abiName(name: string): string {
  return name === 'aarch64' ? 'arm64-v8a' : name
}
