import { isCallback, settle } from '../async-forms.ts'
import { provide } from '../provided.ts'
import { isFunction, textParameter } from '../parameters.ts'

/** Calls of a window that do nothing where nothing can be seen, and succeed. */
const windowCalls = [
  'setWindowLayoutFullScreen',
  'setWindowSystemBarEnable',
  'setWindowSystemBarProperties',
  'setSpecificSystemBarEnabled',
  'setPreferredOrientation',
  'setWindowKeepScreenOn',
  'setWindowPrivacyMode',
  'setWindowBrightness',
  'setWindowFocusable',
  'setWindowTouchable',
  'showWindow',
  'resize',
  'moveWindowTo',
  'minimize',
  'maximize',
] as const

const listen = (): void => undefined

/** As `window.WindowProperties`, of a window that is not there. */
const noArea = { left: 0, top: 0, width: 0, height: 0 }

/**
 * `window.WindowStage` without a screen: content is accepted and not shown, so that a page's life cycle runs to its end.
 * What tells of a screen that is not there fails 801 by name.
 *
 * @param say is told once that nothing is shown
 */
export function windowStage(say: (text: string) => void): object {
  let told = false
  const accept = (args: readonly unknown[]): Promise<void> | undefined => {
    if (!told) say('pages run without pictures here: their content is accepted and not shown')
    told = true
    const last = args.at(-1)
    if (!isFunction(last)) return Promise.resolve()
    // The device's callbacks of windows get an error whose code is 0, and pages look at that code.
    queueMicrotask(() => void last({ code: 0, message: '' }))
    return undefined
  }
  const calls = Object.fromEntries(windowCalls.map((name) => [name, (...args: unknown[]) => accept(args)]))
  const load = (...args: unknown[]): Promise<void> | undefined => {
    textParameter(args[0], 'path')
    return accept(args)
  }
  const context = provide('UIContext', { getHostContext: () => undefined })
  const window = provide('window.Window', {
    ...calls,
    setUIContent: load,
    loadContent: load,
    getUIContext: () => context,
    getWindowProperties: () => ({ windowRect: noArea, drawableRect: noArea, isFullScreen: false }),
    getWindowAvoidArea: () => ({
      visible: false,
      topRect: noArea,
      leftRect: noArea,
      rightRect: noArea,
      bottomRect: noArea,
    }),
    isWindowShowing: () => false,
    on: listen,
    off: listen,
  })
  return provide('window.WindowStage', {
    loadContent: load,
    loadContentByName: load,
    getMainWindowSync: () => window,
    getMainWindow(...args: unknown[]): Promise<object> | undefined {
      const last = args.at(-1)
      return settle(Promise.resolve(window), isCallback<object>(last) ? last : undefined)
    },
    setUIContent: load,
    setWindowModal: (...args: unknown[]) => accept(args),
    setDefaultDensityEnabled: listen,
    on: listen,
    off: listen,
  })
}
