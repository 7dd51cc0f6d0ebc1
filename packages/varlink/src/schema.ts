declare const carries: unique symbol

/** What a schema looks like at run time. */
export type Shape =
  | { readonly kind: 'string' | 'int' | 'bool' | 'float' | 'json' }
  | { readonly kind: 'oneOf'; readonly choices: readonly string[] }
  | { readonly kind: 'array' | 'map' | 'maybe'; readonly element: Schema }
  | { readonly kind: 'struct'; readonly fields: Fields }

/** A type on the wire; `T` is what it is in TypeScript. Made by {@link t}. */
export interface Schema<T = unknown> {
  readonly shape: Shape
  /** Exists in the type only, so that `T` can be inferred. */
  readonly [carries]?: T
}

/** A schema whose value may be absent or null on the wire, and is `undefined` here. */
export interface MaybeSchema<T> extends Schema<T | undefined> {
  readonly maybe: true
}

/** The members of a struct, of a method's input and output, and of an error. */
export interface Fields {
  readonly [name: string]: Schema
}

type Flat<T> = T extends infer O ? { -readonly [K in keyof O]: O[K] } : never

/** The TypeScript type a schema stands for. */
export type Infer<S extends Schema> = S extends Schema<infer T> ? T : never

/** The TypeScript type of an object with these fields: {@link t.maybe} fields are optional. */
export type InferFields<F extends Fields> = Flat<
  { [K in keyof F as F[K] extends MaybeSchema<unknown> ? never : K]: Infer<F[K]> } & {
    [K in keyof F as F[K] extends MaybeSchema<unknown> ? K : never]?: Infer<F[K]>
  }
>

/** The builders of {@link t}. */
export interface SchemaBuilders {
  /** UTF-8 text. */
  readonly string: Schema<string>
  /** An integer within ±(2^53 - 1). Varlink's is 64 bits wide; one that JavaScript cannot hold exactly is refused. */
  readonly int: Schema<number>
  readonly bool: Schema<boolean>
  /** A finite number. */
  readonly float: Schema<number>
  /** Any JSON object (not an array, not null), at most 64 levels deep; copied as it is, without `__proto__` members. */
  readonly json: Schema<object>
  /** A list of `element`. */
  array<S extends Schema>(element: S): Schema<Infer<S>[]>
  /** An object with arbitrary keys and values of `element`. */
  map<S extends Schema>(element: S): Schema<{ [key: string]: Infer<S> }>
  /** `element`, or absent, or null; both of the latter are `undefined` in TypeScript. */
  maybe<S extends Schema>(element: S): MaybeSchema<Infer<S>>
  /** An object with exactly these fields; other members are ignored and not passed on. */
  struct<const F extends Fields>(fields: F): Schema<InferFields<F>>
  /** One of these words. Each must be a Varlink name: letters, digits and `_`, not starting with a digit. */
  oneOf<const C extends readonly [string, ...string[]]>(...choices: C): Schema<C[number]>
}

/**
 * Builds schemas: `t.string`, `t.int`, `t.array(t.string)`, `t.struct({ name: t.string, age: t.maybe(t.int) })`, …
 * A schema that is listed under `types` of an interface appears in the interface text by that name.
 */
export const t: SchemaBuilders = {
  string: { shape: { kind: 'string' } },
  int: { shape: { kind: 'int' } },
  bool: { shape: { kind: 'bool' } },
  float: { shape: { kind: 'float' } },
  json: { shape: { kind: 'json' } },
  array: (element) => ({ shape: { kind: 'array', element } }),
  map: (element) => ({ shape: { kind: 'map', element } }),
  maybe: (element) => ({ shape: { kind: 'maybe', element }, maybe: true }),
  struct: (fields) => ({ shape: { kind: 'struct', fields } }),
  oneOf: (...choices) => ({ shape: { kind: 'oneOf', choices } }),
}
