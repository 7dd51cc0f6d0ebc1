/** Enumerations of ArkUI that are globals; files of constants that pages and extensions share name their members. */
const enumerations = `
  AccessibilityHoverType AdaptiveColor Alignment AnimationMode AnimationStatus AppRotation ArrowPointPosition Axis BackgroundBlurStyle
  BadgePosition BarMode BarPosition BarState BarStyle BarrierDirection BlendApplyType BlendMode BlurStyle BlurStyleActivePolicy BorderStyle
  BreakpointsReference ButtonRole ButtonStyleMode ButtonType ChainStyle CheckBoxShape Color ColoringStrategy ContentType ControlSize
  CopyOptions CrownAction Curve DialogAlignment DialogButtonStyle Direction DpiFollowStrategy DragBehavior DragPreviewMode Edge EdgeEffect
  EffectType EllipsisMode EnterKeyType FillMode FinishCallbackType FlexAlign FlexDirection FlexWrap FoldStatus FontStyle FontWeight
  GestureControl GestureMask GestureMode GesturePriority GradientDirection GridDirection GridItemAlignment GridRowDirection GroupMode
  HeightAdaptivePolicy HitTestMode HorizontalAlign HoverEffect HoverModeAreaType IlluminatedType ImageContent ImageFit ImageInterpolation
  ImageRenderMode ImageRepeat ImageSize ImageSpanAlignment InputType ItemAlign ItemState KeyboardAvoidMode KeySource KeyType LaunchMode
  LayoutDirection LayoutSafeAreaEdge LayoutSafeAreaType LayoutStyle LineBreakStrategy LineCapStyle LineJoinStyle ListItemAlign
  ListItemGroupStyle ListItemStyle LoadingProgressStyle MarqueeStartPolicy MarqueeState MarqueeUpdateStrategy MaxLinesMode MenuAlignType
  MenuPolicy MenuPreviewMode MixedMode ModalTransition ModifierKey MouseAction MouseButton NavBarPosition NavDestinationMode
  NavigationMode NavigationOperation NavigationTitleMode NavigationType ObscuredReasons OnFoldStatusChangeCallback OptionWidthMode
  OutlineStyle PageFlipMode PanDirection PanelHeight PanelMode PanelType ParticleType PinchDirection PixelRoundMode PixelRoundPolicy
  Placement PlaybackSpeed PlayMode PreDragStatus PresetFillType ProgressStatus ProgressType RefreshStatus RelateType RenderFit RenderMode
  RenderStrategy RepeatMode ResponseType RichEditorSpanType RotateDirection RouteType SafeAreaEdge SafeAreaType ScrollAlign ScrollBarDirection
  ScrollDirection ScrollSizeMode ScrollSnapAlign ScrollSource ScrollState SearchType SecurityComponentLayoutDirection ShadowStyle
  ShadowType SharedTransitionEffectType SheetKeyboardAvoidMode SheetMode SheetSize SheetType SideBarContainerType SideBarPosition SizeType
  SliderBlockType SliderChangeMode SliderInteraction SliderStyle SourceTool SourceType StickyStyle SwipeActionState SwipeDirection SwipeEdgeEffect
  SwiperAnimationMode SwiperDisplayMode SymbolEffectStrategy SymbolRenderingStrategy TabsCacheMode TextAlign TextCase TextContentStyle
  TextDataDetectorType TextDecorationStyle TextDecorationType TextDeleteDirection TextHeightAdaptivePolicy TextInputStyle TextOverflow
  TextResponseType TextSelectableMode TextSpanType ThemeColorMode TimePickerFormat TipsAnchorType TitleHeight ToggleType ToolbarItemStatus
  TouchTestStrategy TouchType TransitionEdge TransitionHierarchyStrategy TransitionType VerticalAlign Visibility WaterFlowLayoutMode Week
  WidthBreakpoint HeightBreakpoint WordBreak XComponentType
`
  .trim()
  .split(/\s+/)

/** Classes of ArkUI that are globals, and that code outside of pages keeps objects of. */
const classes = `
  CanvasGradient CanvasPath CanvasRenderingContext2D ChildrenMainSize ColorMetrics CustomDialogController DrawModifier GridScroller
  ImageBitmap ImageData LayoutPolicy LinearGradient ListScroller NavPathInfo NavPathStack OffscreenCanvas Path2D PatternLockController
  RenderingContextSettings RichEditorController Scroller SearchController SubTabBarStyle BottomTabBarStyle SwiperController
  SymbolGlyphModifier TabsController TextAreaController TextController TextInputController TextTimerController TransitionEffect
  VideoController WaterFlowSections XComponentController
`
  .trim()
  .split(/\s+/)

/** Lengths of a screen that nobody sees: one to one. */
const conversions = ['vp2px', 'px2vp', 'fp2px', 'px2fp', 'lpx2px', 'px2lpx']

/**
 * Globals of ArkUI that hold nothing an extension could use, so that files which name them load: members of enumerations are
 * their own names, and objects take every call and do nothing.
 */
export function inertValues(): Record<string, unknown> {
  return Object.fromEntries([
    ...enumerations.map((name) => [name, enumeration]),
    ...classes.map((name) => [name, InertClass]),
    ...conversions.map((name) => [name, Number]),
  ])
}

/** Each member that it is asked for is its own name. */
const enumeration: object = new Proxy(
  {},
  {
    get: (target, name) => (typeof name === 'symbol' || name in target ? Reflect.get(target, name) : name),
  },
)

/** Every member of its objects is a function that gives the object again; nobody waits for it. */
function InertClass(): object {
  const self: object = new Proxy(
    {},
    { get: (_, member) => (typeof member === 'symbol' || member === 'then' ? undefined : () => self) },
  )
  return self
}

/** What `@kit.ArkUI` and its modules hold that files of constants call as they load: curves, lengths, modifiers. */
const calledAtLoad =
  /^(?:@kit\.ArkUI\.|@ohos\.)(?:curves|matrix4|ColorMetrics|LengthMetrics|Symbol\w+Modifier|TextModifier)$/

/** Enumerations of windows and displays, which abilities name when they make their window ready. */
const windowEnumerations =
  /^(?:@kit\.ArkUI|@ohos)\.(?:window|display)\.(?:AvoidAreaType|BlurStyle|ColorSpace|DisplayState|Fold\w+|GestureEventType|MaximizePresentation|ModalityType|Orientation|RectChangeReason|ScreenShape|Window(?:Event|StageEvent|Status)?Type)$/

/** Globals that `@kit.ArkUI` has as members, too. */
const kitMember = /^@kit\.ArkUI\.(\w+)$/

/**
 * @param path of a member of an absent module, e.g. `@kit.ArkUI.curves`, or of its member, e.g. `@ohos.window.AvoidAreaType`
 * @returns what gives inert objects for every call, or an enumeration's own names, if files that an extension imports could name it as they load
 */
export function inertMember(path: string): object | undefined {
  if (windowEnumerations.test(path) || enumerations.includes(kitMember.exec(path)?.[1] ?? ''))
    return enumeration
  if (!calledAtLoad.test(path)) return undefined
  return new Proxy(InertClass, {
    get: (target, member) =>
      typeof member === 'symbol' || member in target ? Reflect.get(target, member) : InertClass,
  })
}
