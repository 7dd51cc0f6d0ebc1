import { release, machine } from 'node:os'
import { readFileSync, writeFileSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { isErrno } from '@vpnext/native'

import { provide } from '../provided.ts'
import { deviceFacts, sdkApiVersion } from './device-facts.ts'

/** `deviceInfo.PerformanceClassLevel`. */
const performanceClass = { CLASS_LEVEL_HIGH: 0, CLASS_LEVEL_MEDIUM: 1, CLASS_LEVEL_LOW: 2 } as const

/** `deviceInfo.DeviceTypes`. */
const deviceTypes = {
  TYPE_DEFAULT: 'default',
  TYPE_PHONE: 'phone',
  TYPE_TABLET: 'tablet',
  TYPE_2IN1: '2in1',
  TYPE_TV: 'tv',
  TYPE_WEARABLE: 'wearable',
  TYPE_CAR: 'car',
} as const

/**
 * `deviceInfo` of `@kit.BasicServicesKit`: a Linux machine, as what it is. The kind of device is `2in1`, which is what the
 * device calls a computer. Serial number and UDID are empty: nothing here tells one machine from another but `ODID`.
 *
 * @param dataFolder keeps the `ODID`: one per user and bundle, until the bundle's data is removed
 */
export function deviceInfoNamespace(dataFolder: string): object {
  const [major = '0', minor = '0', patch = '0'] = release().split(/[.-]/)
  let odid: string | undefined
  return provide('deviceInfo', {
    ...deviceFacts,
    productSeries: 'Linux',
    productModelAlias: machine(),
    softwareModel: 'Linux',
    hardwareModel: machine(),
    hardwareProfile: '',
    bootloaderVersion: '',
    // What would tell this machine from others is empty, as for an application without the permission.
    serial: '',
    udid: '',
    diskSN: '',
    securityPatchTag: '',
    majorVersion: Number(major),
    seniorVersion: Number(minor),
    featureVersion: Number.parseInt(patch, 10) || 0,
    buildVersion: 0,
    sdkMinorApiVersion: 0,
    sdkPatchApiVersion: 0,
    firstApiVersion: sdkApiVersion,
    versionId: `Linux/${machine()}/${release()}`,
    buildType: 'release',
    buildUser: '',
    buildHost: '',
    buildTime: '',
    buildRootHash: '',
    distributionOSName: '',
    distributionOSVersion: '',
    distributionOSApiVersion: 0,
    distributionOSApiName: '',
    distributionOSReleaseType: '',
    // What the documents give where the device cannot tell.
    bootCount: -1,
    chipType: '',
    deviceColor: '',
    apiAvailable,
    performanceClass: performanceClass.CLASS_LEVEL_HIGH,
    PerformanceClassLevel: provide('deviceInfo.PerformanceClassLevel', performanceClass),
    DeviceTypes: provide('deviceInfo.DeviceTypes', deviceTypes),
    get ODID() {
      return (odid ??= readOrMakeId(join(dataFolder, 'el2/.odid')))
    },
  })
}

/**
 * @param wanted a number below 26: an API version of OpenHarmony; `"26.0.0"` and later: one too; `"5.0.1"` and the like: one of the distribution,
 *   of which there is none here
 * @returns whether this API is as new; false for what is no version, as on the device
 */
function apiAvailable(wanted: unknown): boolean {
  if (typeof wanted === 'number') {
    return Number.isInteger(wanted) && wanted > 0 && wanted < 26 && wanted <= sdkApiVersion
  }
  const parts = /^(\d+)\.(\d{1,2})\.(\d{1,2})$/.exec(String(wanted))
  if (parts === null) return false
  const [major = 0, minor = 0, patch = 0] = parts.slice(1).map(Number)
  return major >= 26 && major * 10_000 + minor * 100 + patch <= sdkApiVersion * 10_000
}

/** Two processes that make it at once agree: the second finds the first one's. */
function readOrMakeId(path: string): string {
  try {
    writeFileSync(path, randomUUID(), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error
  }
  return readFileSync(path, 'utf8')
}
