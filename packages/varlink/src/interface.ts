import { checkNames } from './names.ts'
import type { Fields, InferFields } from './schema.ts'

/** One method of an interface. */
export interface MethodDefinition {
  /** Goes into the interface text as a comment. */
  readonly doc?: string
  readonly in: Fields
  readonly out: Fields
  /** The method may answer with a stream, when the caller asks for one. */
  readonly more?: true
  /** The most descriptors a call may carry, 0..16; absent: 0. */
  readonly fdsIn?: number
  /** The most descriptors one reply may carry, 0..16; absent: 0. */
  readonly fdsOut?: number
}

/** What {@link defineInterface} takes. */
export interface InterfaceDefinition {
  /** Goes into the interface text as a comment. */
  readonly doc?: string
  /** Structs and enumerations that the interface text shall show under a name of their own. */
  readonly types?: Fields
  readonly methods: { readonly [name: string]: MethodDefinition }
  readonly errors?: { readonly [name: string]: Fields }
}

/** A Varlink interface: the source of its text, of the types of both ends and of the checks at run time. */
export interface Interface<D extends InterfaceDefinition = InterfaceDefinition> {
  /** Reverse-DNS name, e.g. `io.example`. */
  readonly name: string
  readonly definition: D
}

/** An interface of which only the method table is known. */
export type AnyInterface = Interface

/** The definition behind an interface type. */
export type DefinitionOf<I extends AnyInterface> = I['definition']

/** The names of an interface's methods. */
export type MethodName<I extends AnyInterface> = keyof DefinitionOf<I>['methods'] & string

/** The names of an interface's errors, without the interface's name. */
export type ErrorName<I extends AnyInterface> = keyof NonNullable<DefinitionOf<I>['errors']> & string

/** What a method takes. */
export type MethodInput<I extends AnyInterface, M extends MethodName<I>> = InferFields<
  DefinitionOf<I>['methods'][M]['in']
>

/** What a method gives. */
export type MethodOutput<I extends AnyInterface, M extends MethodName<I>> = InferFields<
  DefinitionOf<I>['methods'][M]['out']
>

/** The methods that may answer with a stream. */
export type StreamMethodName<I extends AnyInterface> = {
  [M in MethodName<I>]: DefinitionOf<I>['methods'][M] extends { readonly more: true } ? M : never
}[MethodName<I>]

/** What an error carries. */
export type ErrorParameters<I extends AnyInterface, E extends ErrorName<I>> = NonNullable<
  DefinitionOf<I>['errors']
>[E] extends infer F extends Fields
  ? InferFields<F>
  : never

/**
 * Defines an interface.
 *
 * @param name reverse-DNS interface name: letters, digits and dashes, at least one dot
 * @param definition methods (`Ping`: a capital first), with their fields (`text`: letters, digits, single underscores)
 * @returns the interface, for {@link implement}, clients and {@link describeInterface}
 * @throws TypeError naming the place that Varlink's grammar does not allow
 */
export function defineInterface<const D extends InterfaceDefinition>(
  name: string,
  definition: D,
): Interface<D> {
  checkNames(name, definition)
  return { name, definition }
}
