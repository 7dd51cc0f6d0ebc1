/** A namespace: the kit it is a member of, its name there, and its own module, whose default export it is. */
export interface StandardModule {
  readonly kit: string
  readonly name: string
  readonly module: string
  /** Makes it at the first call, and gives the same at each: an extension uses few of them, and together they take long. */
  readonly namespace: () => object
}

/**
 * @param kit without `@kit.`
 * @param module without `@ohos.`; one of another system's whole, such as `@arkts.lang`
 */
export function standardModule(
  kit: string,
  name: string,
  module: string,
  make: () => object,
): StandardModule {
  let namespace: object | undefined
  return {
    kit: `@kit.${kit}`,
    name,
    module: module.startsWith('@') ? module : `@ohos.${module}`,
    namespace: () => (namespace ??= make()),
  }
}
