import type { ApiCall } from './api-call.ts'

/** Every error code of the API. */
export type ErrorCode =
  | 201
  | 202
  | 401
  | 801
  | 2200001
  | 2200002
  | 2200003
  | 2203001
  | 2203002
  | 2203004
  | 16000001
  | 16000002
  | 16000006
  | 16000008
  | 16000011
  | 16000050
  | 16200001
  | 19900001
  | 19900002

/** What is known of one error code. */
export interface ErrorEntry {
  readonly code: ErrorCode
  /** Text of the API document, exact, with its full stop. */
  readonly message: string
  /** Calls for which the document has another text under the same code. */
  readonly otherMessages?: readonly { readonly calls: readonly ApiCall[]; readonly message: string }[]
  /** Calls that can fail with it here; none for 801, which is about what is no call of this API. */
  readonly calls: readonly ApiCall[]
  /** What it means in vpnext, one sentence. */
  readonly meaning: string
}

const startAndStop: readonly ApiCall[] = ['startVpnExtensionAbility', 'stopVpnExtensionAbility']
const alwaysOn: readonly ApiCall[] = [
  'setAlwaysOnVpnEnabled',
  'isAlwaysOnVpnEnabled',
  'updateVpnAuthorizedState',
]

/**
 * What each error code means and which calls fail with it. `docs/errors.md` is its twin for users; a test compares the two.
 */
export const errorRegistry: Readonly<Record<ErrorCode, ErrorEntry>> = {
  201: {
    code: 201,
    message: 'Permission denied.',
    calls: [...startAndStop, 'create', 'protect', 'destroy', ...alwaysOn],
    meaning:
      'Consent was refused, withdrawn or not given in time, or another owner or the administrator forbids it.',
  },
  202: {
    code: 202,
    message: 'Non-system applications use system APIs.',
    calls: alwaysOn,
    meaning: 'The call is for system applications; an administrator makes a bundle one by a policy file.',
  },
  401: {
    code: 401,
    message: 'Parameter error.',
    otherMessages: [{ calls: startAndStop, message: 'If the input parameter is not valid parameter.' }],
    calls: [...startAndStop, 'createVpnConnection', 'create', 'protect', 'destroy', ...alwaysOn],
    meaning: 'An argument is missing, has the wrong type or no possible value; thrown synchronously.',
  },
  801: {
    code: 801,
    message: 'Capability not supported.',
    calls: [],
    meaning:
      'A module or a member that HarmonyOS has and vpnext does not provide was used; `data.field` names it.',
  },
  2200001: {
    code: 2200001,
    message: 'Invalid parameter value.',
    calls: ['create', 'protect', 'setAlwaysOnVpnEnabled'],
    meaning: 'An argument has the right type and a value outside the rules or limits.',
  },
  2200002: {
    code: 2200002,
    message: 'Operation failed. Cannot connect to service.',
    calls: ['create', 'protect', 'destroy', 'setAlwaysOnVpnEnabled', 'isAlwaysOnVpnEnabled'],
    meaning: 'The service does not answer: it is not running, or it ended during the call.',
  },
  2200003: {
    code: 2200003,
    message: 'System internal error.',
    calls: ['create', 'protect', 'destroy', 'setAlwaysOnVpnEnabled', 'isAlwaysOnVpnEnabled'],
    meaning: 'The kernel or the service refused a step; everything done before it was undone.',
  },
  2203001: {
    code: 2203001,
    message: 'VPN creation denied, please check the user type.',
    calls: ['create'],
    meaning: 'The user may not own a VPN.',
  },
  2203002: {
    code: 2203002,
    message: 'VPN exist already, please execute destroy first.',
    calls: ['create'],
    meaning: 'A VPN of the same scope is up; it stays untouched.',
  },
  2203004: {
    code: 2203004,
    message: 'Invalid socket file descriptor.',
    calls: ['protect'],
    meaning: 'The number is not an open IPv4 or IPv6 socket of the caller.',
  },
  16000001: {
    code: 16000001,
    message: 'The specified ability does not exist.',
    calls: startAndStop,
    meaning: 'No installed bundle has an ability of that name.',
  },
  16000002: {
    code: 16000002,
    message: 'Incorrect ability type.',
    calls: startAndStop,
    meaning: 'The ability exists and is not a VPN extension.',
  },
  16000006: {
    code: 16000006,
    message: 'Cross-user operations are not allowed.',
    calls: startAndStop,
    meaning: 'The bundle belongs to another user.',
  },
  16000008: {
    code: 16000008,
    message: 'The crowdtesting application expires.',
    calls: ['startVpnExtensionAbility'],
    meaning: 'The bundle declares an end of its test period, and that time has passed.',
  },
  16000011: {
    code: 16000011,
    message: 'The context does not exist.',
    calls: startAndStop,
    meaning: 'The call came from a thread that runs no ability.',
  },
  16000050: {
    code: 16000050,
    message: 'Internal error.',
    calls: startAndStop,
    meaning: 'The host process could not be started or ended.',
  },
  16200001: {
    code: 16200001,
    message: 'The caller has been released.',
    calls: startAndStop,
    meaning: 'The ability the call came from has been destroyed.',
  },
  19900001: {
    code: 19900001,
    message: 'Invalid parameter value.',
    calls: ['generateVpnId', 'protectProcessNet'],
    meaning: 'The call takes no such arguments; thrown synchronously.',
  },
  19900002: {
    code: 19900002,
    message: 'System internal error.',
    calls: ['destroy'],
    meaning: 'The service could not remove the VPN of this vpnId, or does not answer.',
  },
}

/** All codes, ascending. */
export const errorCodes: readonly ErrorCode[] = Object.values(errorRegistry).map((entry) => entry.code)

/** True when `value` is a number and one of the registered codes. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'number' && Object.hasOwn(errorRegistry, value)
}

/** The document's text for `code` when `call` fails with it. */
export function errorMessage(code: ErrorCode, call?: ApiCall): string {
  const entry = errorRegistry[code]
  const other = entry.otherMessages?.find((candidate) => call !== undefined && candidate.calls.includes(call))
  return other?.message ?? entry.message
}
