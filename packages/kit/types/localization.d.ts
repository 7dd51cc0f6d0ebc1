/* oxlint-disable typescript/no-explicit-any, typescript/no-wrapper-object-types, typescript/no-unsafe-function-type, typescript/no-empty-object-type, typescript/no-extraneous-class -- as HarmonyOS declares them, so that code typed against its SDK compiles */

/** What `$r` and `$rawfile` give. */
declare interface Resource {
  readonly id: number
  readonly type?: number
  readonly params?: any[]
  readonly bundleName: string
  readonly moduleName: string
}

/** A resource of the module, `app.string.name` for example; -1 as its id when there is none. */
declare function $r(value: string, ...params: any[]): Resource
/** A file below the module's `rawfile`. */
declare function $rawfile(value: string): Resource

declare module '@ohos.i18n' {
  namespace i18n {
    class System {
      static getSystemLanguage(): string
      static getSystemRegion(): string
      static getSystemLocale(): string
      static getSystemLanguages(): string[]
      static getPreferredLanguageList(): string[]
      static getFirstPreferredLanguage(): string
      static getAppPreferredLanguage(): string
      static setAppPreferredLanguage(language: string): void
      static getDisplayLanguage(language: string, locale: string, sentenceCase?: boolean): string
      static getDisplayCountry(country: string, locale: string, sentenceCase?: boolean): string
      static is24HourClock(): boolean
      static getUsingLocalDigit(): boolean
      static getSystemLocaleInstance(): Intl.Locale
      static getSystemCountries(language: string): string[]
      static isSuggested(language: string, region?: string): boolean
      static getSimplifiedLanguage(language?: string): string
      static getTemperatureType(): TemperatureType
      static getTemperatureName(type: TemperatureType): string
      static getFirstDayOfWeek(): WeekDay
    }
    enum TemperatureType {
      CELSIUS = 1,
      FAHRENHEIT = 2,
      KELVIN = 3,
    }
    enum WeekDay {
      MON = 1,
      TUE = 2,
      WED = 3,
      THU = 4,
      FRI = 5,
      SAT = 6,
      SUN = 7,
    }
    /** Newer code asks System. */
    function getSystemLanguage(): string
    function getSystemLanguages(): string[]
    function getSystemCountries(language: string): string[]
    function getSystemRegion(): string
    function getSystemLocale(): string
    function getDisplayCountry(country: string, locale: string, sentenceCase?: boolean): string
    function getDisplayLanguage(language: string, locale: string, sentenceCase?: boolean): string
    function getPreferredLanguageList(): string[]
    function getFirstPreferredLanguage(): string
    function getAppPreferredLanguage(): string
    function isSuggested(language: string, region?: string): boolean
    function is24HourClock(): boolean
    class TimeZone {
      static getAvailableIDs(): string[]
      getID(): string
      getDisplayName(locale?: string, isDST?: boolean): string
      /** Milliseconds. */
      getRawOffset(): number
      /** Milliseconds, at a time in milliseconds. */
      getOffset(date?: number): number
    }
    /** A time in a calendar and a time zone. Months count from 0, days of the week from 1, Sunday. */
    class Calendar {
      setTime(date: Date | number): void
      set(year: number, month: number, date: number, hour?: number, minute?: number, second?: number): void
      setTimeZone(timezone: string): void
      getTimeZone(): string
      getFirstDayOfWeek(): number
      setFirstDayOfWeek(value: number): void
      getMinimalDaysInFirstWeek(): number
      setMinimalDaysInFirstWeek(value: number): void
      /** `year`, `month`, `date`, `day_of_week`, `hour_of_day`, `week_of_year`, `zone_offset`, … */
      get(field: string): number
      add(field: string, amount: number): void
      getDisplayName(locale: string): string
      isWeekend(date?: Date): boolean
      getTimeInMillis(): number
      compareDays(date: Date): number
    }
    /** `type`: `gregory`, `chinese`, `hebrew`, `islamic_umalqura`, … */
    function getCalendar(locale: string, type?: string): Calendar
    /** Where a line of a text may be broken. */
    class BreakIterator {
      setLineBreakText(text: string): void
      getLineBreakText(): string
      current(): number
      first(): number
      last(): number
      /** -1 where there is none. */
      next(index?: number): number
      previous(): number
      following(offset: number): number
      isBoundary(offset: number): boolean
    }
    function getLineInstance(locale: string): BreakIterator
    interface UnitInfo {
      /** Such as `liter`. */
      unit: string
      /** SI, US or UK. */
      measureSystem: string
    }
    class I18NUtil {
      /** @param style `long`, `short` (when absent) or `narrow` */
      static unitConvert(
        fromUnit: UnitInfo,
        toUnit: UnitInfo,
        value: number,
        locale: string,
        style?: string,
      ): string
      /** Such as `zho`. */
      static getThreeLetterLanguage(locale: string): string
      /** Such as `CHN`. */
      static getThreeLetterRegion(locale: string): string
      /** Such as `y-L-d`. */
      static getDateOrder(locale: string): string
      static getTimePeriodName(hour: number, locale?: string): string
      /** '' when none has the language. */
      static getBestMatchLocale(locale: string, localeList: string[]): string
      static getUnicodeWrappedFilePath(path: string, delimiter?: string, locale?: Intl.Locale): string
    }
    /** What the first character of a text is. */
    class Unicode {
      static isDigit(char: string): boolean
      static isSpaceChar(char: string): boolean
      static isWhitespace(char: string): boolean
      static isRTL(char: string): boolean
      static isIdeograph(char: string): boolean
      static isLetter(char: string): boolean
      static isLowerCase(char: string): boolean
      static isUpperCase(char: string): boolean
      /** Such as `U_LOWERCASE_LETTER`. */
      static getType(char: string): string
    }
    enum NormalizerMode {
      NFC = 1,
      NFD = 2,
      NFKC = 3,
      NFKD = 4,
    }
    class Normalizer {
      static getInstance(mode: NormalizerMode): Normalizer
      normalize(text: string): string
    }
    function isRTL(locale: string): boolean
    function getTimeZone(zoneID?: string): TimeZone
  }
  export default i18n
}

declare module '@ohos.resourceManager' {
  import type { AsyncCallback } from '@ohos.base'

  namespace resourceManager {
    enum Direction {
      DIRECTION_VERTICAL = 0,
      DIRECTION_HORIZONTAL = 1,
    }
    enum ColorMode {
      DARK = 0,
      LIGHT = 1,
    }
    enum DeviceType {
      DEVICE_TYPE_PHONE = 0,
      DEVICE_TYPE_TABLET = 1,
      DEVICE_TYPE_CAR = 2,
      DEVICE_TYPE_PC = 3,
      DEVICE_TYPE_TV = 4,
      DEVICE_TYPE_WEARABLE = 6,
      DEVICE_TYPE_2IN1 = 7,
    }
    enum ScreenDensity {
      SCREEN_SDPI = 120,
      SCREEN_MDPI = 160,
      SCREEN_LDPI = 240,
      SCREEN_XLDPI = 320,
      SCREEN_XXLDPI = 480,
      SCREEN_XXXLDPI = 640,
    }
    interface RawFileDescriptor {
      fd: number
      offset: number
      length: number
    }
    interface Configuration {
      direction: Direction
      locale: string
      deviceType: DeviceType
      screenDensity: ScreenDensity
    }
    interface DeviceCapability {
      screenDensity: ScreenDensity
      deviceType: DeviceType
    }
    /** An id, or what `$r` gives. Errors: 401, 9001001 to 9001008. */
    type ResourceId = number | Resource

    interface ResourceManager {
      getString(resId: ResourceId, callback: AsyncCallback<string>): void
      getString(resId: ResourceId): Promise<string>
      getStringValue(resource: ResourceId, callback: AsyncCallback<string>): void
      getStringValue(resource: ResourceId): Promise<string>
      getStringSync(resId: ResourceId, ...args: (string | number)[]): string
      getStringByName(resName: string, callback: AsyncCallback<string>): void
      getStringByName(resName: string): Promise<string>
      getStringByNameSync(resName: string, ...args: (string | number)[]): string
      /** Newer code writes getStringArrayValue, getPluralStringValue, getMediaContent, getRawFileContent, getRawFd and closeRawFd. */
      getStringArray(resource: ResourceId, callback: AsyncCallback<string[]>): void
      getStringArray(resource: ResourceId): Promise<string[]>
      getPluralString(resource: ResourceId, num: number, callback: AsyncCallback<string>): void
      getPluralString(resource: ResourceId, num: number): Promise<string>
      getMedia(resource: ResourceId, callback: AsyncCallback<Uint8Array>): void
      getMedia(resource: ResourceId): Promise<Uint8Array>
      getMediaBase64(resource: ResourceId, callback: AsyncCallback<string>): void
      getMediaBase64(resource: ResourceId): Promise<string>
      getRawFile(path: string, callback: AsyncCallback<Uint8Array>): void
      getRawFile(path: string): Promise<Uint8Array>
      getRawFileDescriptor(path: string, callback: AsyncCallback<RawFileDescriptor>): void
      getRawFileDescriptor(path: string): Promise<RawFileDescriptor>
      closeRawFileDescriptor(path: string, callback: AsyncCallback<void>): void
      closeRawFileDescriptor(path: string): Promise<void>
      getStringArrayValue(resource: ResourceId): Promise<string[]>
      getStringArrayValueSync(resource: ResourceId): string[]
      getStringArrayByName(resName: string): Promise<string[]>
      getStringArrayByNameSync(resName: string): string[]
      getPluralStringValue(resource: ResourceId, num: number): Promise<string>
      getPluralStringValueSync(resource: ResourceId, num: number): string
      getPluralStringByName(resName: string, num: number): Promise<string>
      getPluralStringByNameSync(resName: string, num: number): string
      getIntPluralStringValueSync(resource: ResourceId, num: number, ...args: (string | number)[]): string
      getIntPluralStringByNameSync(resName: string, num: number, ...args: (string | number)[]): string
      getDoublePluralStringValueSync(resource: ResourceId, num: number, ...args: (string | number)[]): string
      getDoublePluralStringByNameSync(resName: string, num: number, ...args: (string | number)[]): string
      getColor(resource: ResourceId): Promise<number>
      getColorSync(resource: ResourceId): number
      getColorByName(resName: string): Promise<number>
      getColorByNameSync(resName: string): number
      getNumber(resource: ResourceId): number
      getNumberByName(resName: string): number
      getBoolean(resource: ResourceId): boolean
      getBooleanByName(resName: string): boolean
      getMediaContent(resource: ResourceId): Promise<Uint8Array>
      getMediaContentSync(resource: ResourceId): Uint8Array
      getMediaByName(resName: string): Promise<Uint8Array>
      getMediaByNameSync(resName: string): Uint8Array
      getMediaContentBase64(resource: ResourceId): Promise<string>
      getMediaContentBase64Sync(resource: ResourceId): string
      getMediaBase64ByName(resName: string): Promise<string>
      getMediaBase64ByNameSync(resName: string): string
      getRawFileContent(path: string, callback: AsyncCallback<Uint8Array>): void
      getRawFileContent(path: string): Promise<Uint8Array>
      getRawFileContentSync(path: string): Uint8Array
      getRawFileList(path: string, callback: AsyncCallback<string[]>): void
      getRawFileList(path: string): Promise<string[]>
      getRawFileListSync(path: string): string[]
      getRawFd(path: string, callback: AsyncCallback<RawFileDescriptor>): void
      getRawFd(path: string): Promise<RawFileDescriptor>
      getRawFdSync(path: string): RawFileDescriptor
      closeRawFd(path: string, callback: AsyncCallback<void>): void
      closeRawFd(path: string): Promise<void>
      closeRawFdSync(path: string): void
      isRawDir(path: string): boolean
      getConfiguration(): Promise<Configuration>
      getConfigurationSync(): Configuration
      getDeviceCapability(): Promise<DeviceCapability>
      getDeviceCapabilitySync(): DeviceCapability
      getLocales(includeSystem?: boolean): string[]
      /** With another `locale`. */
      getOverrideResourceManager(configuration?: Configuration): ResourceManager
      getOverrideConfiguration(): Configuration
      updateOverrideConfiguration(configuration: Configuration): void
      /** Without effect. */
      release(): void
    }
  }
  export default resourceManager
}

declare module '@kit.LocalizationKit' {
  import i18n from '@ohos.i18n'
  import resourceManager from '@ohos.resourceManager'
  export { i18n, resourceManager }
}
