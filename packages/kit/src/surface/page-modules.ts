/** Modules that only pages can use, on a device too: an extension has no window. */
const pageModules: readonly RegExp[] = [
  /^@kit\.(ArkUI|ArkWeb|ArkGraphics\w*|FormKit|IMEKit|InputKit|ScanKit|ShareKit|UIDesignKit)$/,
  /^@kit\.(AudioKit|AVSessionKit|CameraKit|ImageKit|MediaKit|MediaLibraryKit|DrmKit)$/,
  /^@ohos\.(window|display|router|promptAction|prompt|mediaquery|animator|measure|curves|matrix4|font|inspector)$/,
  /^@ohos\.(pluginComponent|uiAppearance|pasteboard|arkui|graphics|multimedia|web|screen\w*)(\.|$)/,
  /^@ohos\.(file\.picker|file\.photoPickerComponent|app\.form\..*|app\.ability\.UI\w*|app\.ability\.Embedd\w*)$/,
  /^@system\.(router|prompt|app|mediaquery)$/,
]

/** Members of other kits of which the same is true. */
const pageMembers: ReadonlySet<string> = new Set([
  '@kit.AbilityKit.EmbeddableUIAbility',
  '@kit.AbilityKit.UIAbility',
  '@kit.AbilityKit.UIExtensionAbility',
  '@kit.AbilityKit.UIExtensionContentSession',
  '@kit.BasicServicesKit.pasteboard',
  '@kit.BasicServicesKit.screenLock',
  '@kit.BasicServicesKit.wallpaper',
  '@kit.CoreFileKit.picker',
])

/** @param name a module, or a kit's member after its kit and a dot */
export function isForPages(name: string): boolean {
  return pageMembers.has(name) || pageModules.some((pattern) => pattern.test(name))
}
