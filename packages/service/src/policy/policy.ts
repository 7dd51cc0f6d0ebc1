import type { PolicyEndpoint, PolicyRule } from './policy-schema.ts'
import { readPolicy } from './read-policy.ts'

/** Which code of which bundle of whom is meant. */
export interface PolicySubject {
  readonly ownerUid: number
  readonly bundleName: string
  readonly codeHash: string
}

/** What the administrator has decided about one bundle; undefined members are left to others. */
export interface Decision {
  readonly system: boolean
  readonly consent: 'allowed' | 'denied' | undefined
  readonly alwaysOn: boolean | undefined
  readonly lockdown: boolean | 'always' | undefined
  readonly scope: 'device' | 'user' | undefined
  readonly commands: boolean
  /** Empty: no restriction. */
  readonly endpoints: readonly PolicyEndpoint[]
}

/**
 * The administrator's files (`/etc/vpnext/policy.d/*.json`). They are read anew each time, so that a change needs no
 * restart, but once for everything that is asked in one go; one that cannot be read is told once and leaves what was in
 * force.
 */
export class Policy {
  readonly #folder: string
  readonly #onDamage: (error: unknown) => void
  #current: readonly PolicyRule[]
  #toldOf = ''
  /** Whether what was read holds: until whoever asks has to wait for something. */
  #isFresh = false

  private constructor(folder: string, onDamage: (error: unknown) => void) {
    this.#folder = folder
    this.#onDamage = onDamage
    this.#current = readPolicy(folder)
  }

  /**
   * @param folder need not exist
   * @param onDamage hears of files that became unreadable while the service runs
   * @throws ServiceError `unsafe-path` or `damaged-state`: a service must not start with half of what it was told
   */
  static open(folder: string, onDamage: (error: unknown) => void): Policy {
    return new Policy(folder, onDamage)
  }

  /** What holds for a bundle now: of several rules that decide the same, the last. */
  decide(subject: PolicySubject): Decision {
    const rules = this.#rules().filter((rule) => isAbout(rule, subject))
    return {
      system: rules.findLast((rule) => rule.system !== undefined)?.system ?? false,
      consent: rules.findLast((rule) => rule.consent !== undefined)?.consent,
      alwaysOn: rules.findLast((rule) => rule.alwaysOn !== undefined)?.alwaysOn,
      lockdown: rules.findLast((rule) => rule.lockdown !== undefined)?.lockdown,
      scope: rules.findLast((rule) => rule.scope !== undefined)?.scope,
      commands: rules.findLast((rule) => rule.commands !== undefined)?.commands ?? false,
      endpoints: rules.findLast((rule) => rule.endpoints !== undefined)?.endpoints ?? [],
    }
  }

  /** Names that a device tunnel may leave out, by the last rule about each. */
  excludable(): string[] {
    const decided = new Map<string, boolean>()
    for (const { bundleName, excludable } of this.#rules()) {
      if (excludable !== undefined) decided.set(bundleName, excludable)
    }
    return [...decided].filter(([, isExcludable]) => isExcludable).map(([bundleName]) => bundleName)
  }

  #rules(): readonly PolicyRule[] {
    if (this.#isFresh) return this.#current
    this.#isFresh = true
    queueMicrotask(() => {
      this.#isFresh = false
    })
    try {
      this.#current = readPolicy(this.#folder)
      this.#toldOf = ''
    } catch (error) {
      const text = String(error)
      if (text !== this.#toldOf) this.#onDamage(error)
      this.#toldOf = text
    }
    return this.#current
  }
}

function isAbout(rule: PolicyRule, { ownerUid, bundleName, codeHash }: PolicySubject): boolean {
  return (
    rule.bundleName === bundleName &&
    (rule.users === undefined || rule.users.includes(ownerUid)) &&
    (rule.codeHash === undefined || rule.codeHash === codeHash)
  )
}
