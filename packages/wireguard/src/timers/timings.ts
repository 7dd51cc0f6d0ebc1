import {
  INITIATION_INTERVAL,
  KEEPALIVE_TIMEOUT,
  REJECT_AFTER_MESSAGES,
  REJECT_AFTER_TIME,
  REKEY_AFTER_MESSAGES,
  REKEY_AFTER_TIME,
  REKEY_ATTEMPT_TIME,
  REKEY_JITTER,
  REKEY_TIMEOUT,
  RETIRED_SESSION_TIME,
  ZERO_KEYS_FACTOR,
} from '../constants.ts'

/** The limits of sections 6.1 to 6.5. All times in ms. Tests shorten them; both ends need not have the same. */
export interface Timings {
  readonly rekeyAfterTime: number
  readonly rejectAfterTime: number
  readonly rekeyAttemptTime: number
  readonly rekeyTimeout: number
  readonly rekeyJitter: number
  readonly keepaliveTimeout: number
  readonly zeroKeysAfter: number
  /** For how long a replaced session receives. */
  readonly retiredSessionTime: number
  readonly initiationInterval: number
  /** Packets; at most 2^53 − 2^13 − 1. */
  readonly rekeyAfterMessages: number
  /** Packets; at most 2^53 − 2^13 − 1. */
  readonly rejectAfterMessages: number
}

/** What the paper says. */
export const defaultTimings: Timings = {
  rekeyAfterTime: REKEY_AFTER_TIME,
  rejectAfterTime: REJECT_AFTER_TIME,
  rekeyAttemptTime: REKEY_ATTEMPT_TIME,
  rekeyTimeout: REKEY_TIMEOUT,
  rekeyJitter: REKEY_JITTER,
  keepaliveTimeout: KEEPALIVE_TIMEOUT,
  zeroKeysAfter: ZERO_KEYS_FACTOR * REJECT_AFTER_TIME,
  retiredSessionTime: RETIRED_SESSION_TIME,
  initiationInterval: INITIATION_INTERVAL,
  rekeyAfterMessages: REKEY_AFTER_MESSAGES,
  rejectAfterMessages: REJECT_AFTER_MESSAGES,
}
