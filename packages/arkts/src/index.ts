/**
 * Reads a HarmonyOS project folder, compiles its VPN extensions from ArkTS to JavaScript and packs them into the archive
 * that the service installs.
 *
 * @example
 * ```ts
 * import { ProjectError, compileProject, packBundle, readProject } from '@vpnext/arkts'
 *
 * try {
 *   const compiled = await compileProject(await readProject('apps/hello-vpn'))
 *   console.log(compiled.kits, packBundle(compiled).length)
 * } catch (error) {
 *   if (!(error instanceof ProjectError)) throw error
 *   console.error(error.message) // entry/src/main/module.json5:12:5: module.type: …
 * }
 * ```
 * @packageDocumentation
 */
export { calledNatives } from './called-natives.ts'
export { packBundle } from './bundle-archive.ts'
export { startCompiler } from './compiler-process.ts'
export { compileProject } from './compile.ts'
export type { CompileOptions, CompiledEntry, CompiledProject } from './compile.ts'
export type { KitUse, SourcePlace } from './kit-uses.ts'
export { HeadStart } from './head-start.ts'
export { buildNativeModules } from './native/build-native.ts'
export type { NativeBuild, NativeBuildOptions } from './native/build-native.ts'
export { prepareNativeModules } from './native/native-modules.ts'
export type { NativeModule, NativeParts } from './native/native-modules.ts'
export { ProjectError, describeProblem } from './project-error.ts'
export type { ProjectProblem } from './project-error.ts'
export { readProject } from './project.ts'
export { openProjectSource } from './project-source.ts'
export type { ProjectSource } from './project-source.ts'
export type { Project, ProjectApp } from './project.ts'
export type { ProjectAbility, ProjectModule } from './project-module.ts'
export type { CompiledScript } from './script.ts'
export { checkStrictness } from './strictness/check-strictness.ts'
export type { StrictnessFinding, StrictnessOptions, StrictnessReport } from './strictness/check-strictness.ts'
export { LinterError } from './strictness/linter.ts'
