/** Classes whose instances stay what they are on their way to another thread, by their prototypes, and the other way. */
const names = new Map<object, string>()
const prototypes = new Map<string, object>()
/** Whether there can be any instance: most code has none, and is not looked through. */
let inUse = false

/** What goes to another thread: something that can be copied, and which of its objects are of which class. */
export interface Parcel {
  readonly value: unknown
  readonly classes: readonly (readonly [object, string])[]
}

/**
 * A class with `@Sendable` has loaded. Threads that load the same code name it alike: by its name, and where several have that, by which of
 * them it is.
 */
export function addSendableClass(Class: object): void {
  let name = String(Reflect.get(Class, 'name'))
  while (prototypes.has(name)) name += "'"
  add(name, Class)
  inUse = true
}

/** Classes of the kits, by names that no class of a project has. */
export function addSendableContainers(classes: Readonly<Record<string, object>>): void {
  inUse = true
  for (const [name, Class] of Object.entries(classes))
    if (!names.has(prototypeOf(Class))) add(`collections.${name}`, Class)
}

function add(name: string, Class: object): void {
  names.set(prototypeOf(Class), name)
  prototypes.set(name, prototypeOf(Class))
}

function prototypeOf(Class: object): object {
  return Object(Reflect.get(Class, 'prototype'))
}

/** Whether it is an instance of such a class. */
export function isSendableObject(value: unknown): boolean {
  return nameOf(value) !== undefined
}

function nameOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null ? undefined : names.get(Object(prototype))
}

/** What {@link unpack} makes the same of, once it has been copied. */
export function pack(value: unknown): Parcel {
  const classes: [object, string][] = []
  if (!inUse) return { value, classes }
  const seen = new Set<object>()
  const visit = (each: unknown): void => {
    if (typeof each !== 'object' || each === null || seen.has(each)) return
    seen.add(each)
    const name = nameOf(each)
    if (name !== undefined) classes.push([each, name])
    if (each instanceof Map) for (const entry of each) entry.forEach(visit)
    else if (each instanceof Set || Array.isArray(each)) each.forEach(visit)
    else if (!ArrayBuffer.isView(each)) Object.values(each).forEach(visit)
  }
  visit(value)
  return { value, classes }
}

/** What came of {@link pack}, in the thread that got it: objects of classes that it has not loaded have their values alone. */
export function unpack({ value, classes }: Parcel): unknown {
  for (const [object, name] of classes) {
    const prototype = prototypes.get(name)
    if (prototype !== undefined) Object.setPrototypeOf(object, prototype)
  }
  return value
}
