/** Of products and of targets, the one that DevEco Studio begins with. */
export const defaultName = 'default'

/** Of the products of a project, or the targets of a module, the one that is built: `default`, or else the first. */
export function builtByDefault<T extends { readonly name?: string | undefined }>(
  all: readonly T[],
): T | undefined {
  return all.find(({ name }) => name === defaultName) ?? all[0]
}
