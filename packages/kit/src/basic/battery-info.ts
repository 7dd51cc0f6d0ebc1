import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import { provide } from '../provided.ts'

/** `batteryInfo.BatteryPluggedType`. */
const pluggedType = { NONE: 0, AC: 1, USB: 2, WIRELESS: 3 } as const
/** `batteryInfo.BatteryChargeState`. */
const chargeState = { NONE: 0, ENABLE: 1, DISABLE: 2, FULL: 3 } as const
/** `batteryInfo.BatteryHealthState`. */
const healthState = { UNKNOWN: 0, GOOD: 1, OVERHEAT: 2, OVERVOLTAGE: 3, COLD: 4, DEAD: 5 } as const
/** `batteryInfo.BatteryCapacityLevel`. */
const capacityLevel = {
  LEVEL_FULL: 1,
  LEVEL_HIGH: 2,
  LEVEL_NORMAL: 3,
  LEVEL_LOW: 4,
  LEVEL_WARNING: 5,
  LEVEL_CRITICAL: 6,
  LEVEL_SHUTDOWN: 7,
} as const

/** Where the kernel tells of power supplies (Documentation/ABI/testing/sysfs-class-power); a sandbox may not have it. */
const supplies = '/sys/class/power_supply'

/**
 * `batteryInfo` of `@kit.BasicServicesKit`, from the kernel's power supplies. A machine without a battery is one on mains, at 100 %.
 */
export function batteryInfoNamespace(): object {
  return provide('batteryInfo', {
    get isBatteryPresent() {
      return batteryFolder() !== undefined
    },
    get batterySOC() {
      return charge()
    },
    get chargingStatus() {
      switch (fact('status')) {
        case 'Charging':
          return chargeState.ENABLE
        case 'Discharging':
        case 'Not charging':
          return chargeState.DISABLE
        default:
          return chargeState.FULL
      }
    },
    get healthStatus() {
      return fact('health') === 'Good' ? healthState.GOOD : healthState.UNKNOWN
    },
    get pluggedType() {
      return fact('status') === 'Discharging' ? pluggedType.NONE : pluggedType.AC
    },
    /** Microvolts. */
    get voltage() {
      return Number(fact('voltage_now') ?? 0)
    },
    get technology() {
      return fact('technology') ?? ''
    },
    /** Tenths of a degree Celsius. */
    get batteryTemperature() {
      return Number(fact('temp') ?? 0)
    },
    /** Milliamperes. */
    get nowCurrent() {
      return Math.round(Number(fact('current_now') ?? 0) / 1000)
    },
    get batteryCapacityLevel() {
      if (charge() >= 100) return capacityLevel.LEVEL_FULL
      if (charge() >= 95) return capacityLevel.LEVEL_HIGH
      if (charge() >= 20) return capacityLevel.LEVEL_NORMAL
      if (charge() >= 10) return capacityLevel.LEVEL_LOW
      return charge() >= 5 ? capacityLevel.LEVEL_WARNING : capacityLevel.LEVEL_CRITICAL
    },
    BatteryPluggedType: provide('batteryInfo.BatteryPluggedType', pluggedType),
    BatteryChargeState: provide('batteryInfo.BatteryChargeState', chargeState),
    BatteryHealthState: provide('batteryInfo.BatteryHealthState', healthState),
    BatteryCapacityLevel: provide('batteryInfo.BatteryCapacityLevel', capacityLevel),
  })
}

/** One of the battery's files; undefined without a battery, or without the file. */
function fact(name: string): string | undefined {
  const battery = batteryFolder()
  return battery === undefined ? undefined : readFact(join(battery, name))
}

/** Percent. */
function charge(): number {
  return Number(fact('capacity') ?? 100)
}

function batteryFolder(): string | undefined {
  try {
    const name = readdirSync(supplies).find((each) => readFact(join(supplies, each, 'type')) === 'Battery')
    return name === undefined ? undefined : join(supplies, name)
  } catch {
    return undefined
  }
}

function readFact(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}
