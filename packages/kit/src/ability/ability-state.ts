/** Whether this thread runs an ability: none at all, a living one, or one whose `onDestroy` has been called. */
export type AbilityState = 'absent' | 'alive' | 'destroyed'
