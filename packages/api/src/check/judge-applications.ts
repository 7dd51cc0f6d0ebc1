import { limits } from '../limits.ts'
import { shown, valueError } from './field.ts'
import type { Warnings } from './warnings.ts'

/**
 * One list of bundle names, each once. `''` is skipped with a warning. Whether a bundle is known is for the service to say.
 *
 * @param name of the field in the config
 * @throws BusinessError 2200001 for a name that is too long or could be a path
 */
export function judgeApplications(
  name: 'trustedApplications' | 'blockedApplications',
  entries: readonly string[],
  warnings: Warnings,
): string[] {
  const bundles = new Set<string>()
  for (const [index, bundle] of entries.entries()) {
    const path = `config.${name}[${index}]`
    if (bundle === '') warnings.add(path, 'is empty and is ignored')
    else if (bundle.length > limits.bundleNameLength) {
      throw valueError(
        path,
        `has ${bundle.length} characters; at most ${limits.bundleNameLength} are allowed`,
      )
    } else if (!isPlainName(bundle)) throw valueError(path, `${shown(bundle)} is not a bundle name`)
    else if (bundles.has(bundle)) warnings.add(path, `${bundle} is there already; this one is ignored`)
    else bundles.add(bundle)
  }
  return [...bundles]
}

/** Bundle names become names of control groups: no slash, no control character, not `.` or `..`. */
function isPlainName(bundle: string): boolean {
  return /^[^/\p{Cc}]+$/u.test(bundle) && bundle !== '.' && bundle !== '..'
}
