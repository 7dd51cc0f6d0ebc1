import { readFileSync } from 'node:fs'

import { BusinessError } from '@vpnext/api'

import { bothForms, callForms } from '../call-forms.ts'
import { integerParameter } from '../parameters.ts'
import { provide } from '../provided.ts'

/** `systemDateTime.TimeType`: since the machine started, with the time it slept or without. */
const timeType = { STARTUP: 0, ACTIVE: 1 } as const
const nanosecondsPerMillisecond = 1_000_000

/**
 * `systemDateTime` of `@kit.BasicServicesKit`. Times are milliseconds, or nanoseconds when asked for. The kernel tells the
 * time since its start in hundredths of a second. Setting the clock is for system applications, and is not here.
 */
export function systemDateTimeNamespace(): object {
  const time = callForms({ read: ([nano]) => nano, now: (nano) => scaled(Date.now(), nano) })
  const startup = callForms({ read: ([nano]) => nano, now: (nano) => scaled(sinceStart(), nano) })
  const active = callForms({ read: ([nano]) => nano, now: (nano) => scaled(awake(), nano) })
  return provide('systemDateTime', {
    ...bothForms({
      getTimezone: callForms({
        read: () => undefined,
        now: () => new Intl.DateTimeFormat().resolvedOptions().timeZone,
      }),
    }),
    getCurrentTime: time.later,
    getTime: time.now,
    getRealTime: startup.later,
    getRealActiveTime: active.later,
    getUptime: (type: unknown, nano?: unknown) =>
      integerParameter(type, 'timeType', timeType.STARTUP, timeType.ACTIVE) === timeType.STARTUP
        ? startup.now(nano)
        : active.now(nano),
    /** The machine's own business, which keeps its clock as its administrator likes. */
    getAutoTimeStatus: () => true,
    updateNtpTime: () => Promise.reject(dateTimeError(13000001, 'a host asks no time server')),
    getNtpTime: () => {
      throw dateTimeError(13000002, 'updateNtpTime has not succeeded')
    },
    getDate: callForms({ read: () => undefined, now: () => new Date() }).later,
    TimeType: provide('systemDateTime.TimeType', timeType),
  })
}

function scaled(milliseconds: number, nano: unknown): number {
  return nano === true ? Math.round(milliseconds * nanosecondsPerMillisecond) : Math.floor(milliseconds)
}

/** Milliseconds since the machine started, sleep included (CLOCK_BOOTTIME). */
function sinceStart(): number {
  return Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1000
}

/** Milliseconds since the machine started, without sleep (CLOCK_MONOTONIC, of which node's hrtime is made). */
function awake(): number {
  return Number(process.hrtime.bigint()) / nanosecondsPerMillisecond
}

const messages = {
  13000001: 'Network connection error or OS error.',
  13000002: 'updateNtpTime() is not called successfully.',
} as const

function dateTimeError(code: keyof typeof messages, reason: string): BusinessError {
  return new BusinessError(code, messages[code], { reason })
}
