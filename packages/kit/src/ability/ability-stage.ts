import type { Want } from '@vpnext/api'

/** An `AbilityStage`: a module's code that runs before its abilities, once in each process of theirs. */
export interface StageAbility {
  context: object
  onCreate?(): unknown
  onAcceptWant?(want: Want): unknown
  onDestroy?(): unknown
}

/** The base class of every stage. */
export type StageClass = new () => StageAbility

/** Makes the base class for this process. @param context of the ability that runs in it */
export function abilityStage(context: object | undefined): StageClass {
  return class AbilityStage {
    declare context: object

    constructor() {
      if (context !== undefined) this.context = context
    }

    // As those of an extension's base class.
    onCreate(): void {}
    onAcceptWant(): string {
      return ''
    }
    onNewProcessRequest(): string {
      return ''
    }
    onConfigurationUpdate(): void {}
    onMemoryLevel(): void {}
    onPrepareTermination(): void {}
    onDestroy(): void {}
  }
}
