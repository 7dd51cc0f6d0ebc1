import type { Compiler } from './linter.ts'

/** The oldest system with VPN extensions is API 11; the linter's rules of later ones hold for what is written now. */
const sdkVersion = 20

/**
 * The compiler's settings for ArkTS: a language between TypeScript and pages, whose components must be named.
 *
 * @param components names that are called as components, `Row() { … }`
 */
export function compilerOptions(compiler: Compiler, components: readonly string[]): object {
  return {
    target: compiler.ScriptTarget.ES2021,
    lib: ['lib.es2021.d.ts'],
    module: compiler.ModuleKind.ESNext,
    moduleResolution: compiler.ModuleResolutionKind.NodeJs,
    // `import entry from 'libentry.so'`, whose declarations have named exports alone.
    allowSyntheticDefaultImports: true,
    noEmit: true,
    strict: false,
    experimentalDecorators: true,
    skipLibCheck: true,
    types: [],
    etsAnnotationsEnable: true,
    // Declarations of native modules count, and TypeScript may not import ArkTS.
    needDoArkTsLinter: true,
    isCompatibleVersion: false,
    skipOhModulesLint: true,
    compatibleSdkVersion: sdkVersion,
    ets: {
      render: { method: ['build', 'pageTransition'], decorator: ['Builder', 'LocalBuilder'] },
      components,
      libs: [],
      extend: { decorator: ['Extend', 'AnimatableExtend'], components: [] },
      styles: {
        decorator: 'Styles',
        component: { name: 'Common', type: 'CommonMethod', instance: 'CommonInstance' },
        property: 'stateStyles',
      },
      concurrent: { decorator: 'Concurrent' },
      customComponent: 'CustomComponent',
      propertyDecorators: [],
      emitDecorators: [],
      syntaxComponents: { paramsUICallback: ['ForEach', 'LazyForEach'], attrUICallback: [] },
    },
  }
}

/** Names that the pages among these texts may mean components by: called with a capital letter, and nothing of the text's own. */
export function componentNames(texts: readonly string[]): string[] {
  const names = new Set<string>()
  for (const text of texts) {
    if (!/\bstruct\s+\w/.test(text)) continue
    const own = new Set([...text.matchAll(/\b(?:class|function|struct)\s+(\w+)/g)].map(([, name]) => name))
    for (const [, name] of text.matchAll(/(?<![.\w@]|new\s+)([A-Z]\w*)\s*\(/g))
      if (name !== undefined && !own.has(name)) names.add(name)
  }
  return [...names].toSorted()
}
