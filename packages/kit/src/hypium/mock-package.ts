import { argumentMatchers } from './argument-matchers.ts'
import { MockKit, when } from './mock-kit.ts'

/**
 * What `import … from '@ohos/hamock'` gives, which DevEco Studio puts into each project: the stubs of `@ohos/hypium` as a package of
 * their own. `MockSetup` marks what a previewer runs before it shows a page, and there is none here.
 */
export const mockPackage: Readonly<Record<string, unknown>> = {
  MockKit,
  when,
  ArgumentMatchers: argumentMatchers,
  MockSetup: () => undefined,
}
