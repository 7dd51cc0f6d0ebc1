/** An object type while it is being filled in. */
export type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] }
