/* oxlint-disable typescript/no-explicit-any, typescript/no-wrapper-object-types, typescript/no-unsafe-function-type, typescript/no-empty-object-type -- as HarmonyOS declares them, so that code typed against its SDK compiles */

declare module '@ohos.notificationManager' {
  import type { AsyncCallback } from '@ohos.base'

  /** A notification becomes a line of the log. */
  namespace notificationManager {
    enum ContentType {
      NOTIFICATION_CONTENT_BASIC_TEXT = 0,
      NOTIFICATION_CONTENT_LONG_TEXT = 1,
      NOTIFICATION_CONTENT_PICTURE = 2,
      NOTIFICATION_CONTENT_CONVERSATION = 3,
      NOTIFICATION_CONTENT_MULTILINE = 4,
    }
    enum SlotType {
      UNKNOWN_TYPE = 0,
      SOCIAL_COMMUNICATION = 1,
      SERVICE_INFORMATION = 2,
      CONTENT_INFORMATION = 3,
      LIVE_VIEW = 4,
      CUSTOMER_SERVICE = 5,
      OTHER_TYPES = 65535,
    }
    enum SlotLevel {
      LEVEL_NONE = 0,
      LEVEL_MIN = 1,
      LEVEL_LOW = 2,
      LEVEL_DEFAULT = 3,
      LEVEL_HIGH = 4,
    }
    interface NotificationBasicContent {
      title: string
      text: string
      additionalText?: string
    }
    interface NotificationContent {
      notificationContentType?: ContentType
      /** The older name of `notificationContentType`. */
      contentType?: ContentType
      normal?: NotificationBasicContent
      longText?: NotificationBasicContent & { longText: string; briefText: string; expandedTitle: string }
      multiLine?: NotificationBasicContent & { briefText: string; longTitle: string; lines: string[] }
    }
    interface NotificationRequest {
      content: NotificationContent
      /** 0 when absent. */
      id?: number
      label?: string
      // Other members, such as a slot or a wantAgent, are accepted.
      [member: string]: any
    }
    function publish(request: NotificationRequest): Promise<void>
    function publish(request: NotificationRequest, callback: AsyncCallback<void>): void
    function cancel(id: number, label?: string): Promise<void>
    function cancel(id: number, callback: AsyncCallback<void>): void
    function cancel(id: number, label: string, callback: AsyncCallback<void>): void
    function cancelAll(): Promise<void>
    function cancelAll(callback: AsyncCallback<void>): void
    function cancelGroup(groupName: string): Promise<void>
    function cancelGroup(groupName: string, callback: AsyncCallback<void>): void
    function getActiveNotificationCount(): Promise<number>
    function getActiveNotificationCount(callback: AsyncCallback<number>): void
    function getActiveNotifications(): Promise<NotificationRequest[]>
    function getActiveNotifications(callback: AsyncCallback<NotificationRequest[]>): void
    interface NotificationSlot {
      notificationType?: SlotType
      readonly notificationLevel?: SlotLevel
      desc?: string
      badgeFlag?: boolean
      vibrationEnabled?: boolean
      lockscreenVisibility?: number
      readonly enabled?: boolean
    }
    /** Slots are kept for the process. */
    function addSlot(type: SlotType): Promise<void>
    function addSlot(type: SlotType, callback: AsyncCallback<void>): void
    function addSlot(slot: NotificationSlot): Promise<void>
    function addSlots(slots: NotificationSlot[]): Promise<void>
    function getSlot(slotType: SlotType): Promise<NotificationSlot>
    function getSlot(slotType: SlotType, callback: AsyncCallback<NotificationSlot>): void
    function getSlots(): Promise<NotificationSlot[]>
    function getSlots(callback: AsyncCallback<NotificationSlot[]>): void
    function removeSlot(slotType: SlotType): Promise<void>
    function removeSlot(slotType: SlotType, callback: AsyncCallback<void>): void
    function removeAllSlots(): Promise<void>
    function removeAllSlots(callback: AsyncCallback<void>): void
    function setBadgeNumber(badgeNumber: number): Promise<void>
    function setBadgeNumber(badgeNumber: number, callback: AsyncCallback<void>): void
    function getBadgeNumber(): Promise<number>
    function isDistributedEnabled(): Promise<boolean>
    function isDistributedEnabled(callback: AsyncCallback<boolean>): void
    function isSupportTemplate(templateName: string): Promise<boolean>
    function isSupportTemplate(templateName: string, callback: AsyncCallback<boolean>): void
    function getNotificationSetting(): Promise<{ vibrationEnabled: boolean; soundEnabled: boolean }>
    function isNotificationEnabled(): Promise<boolean>
    function isNotificationEnabled(callback: AsyncCallback<boolean>): void
    function isNotificationEnabledSync(): boolean
    function requestEnableNotification(context?: object): Promise<void>
    function requestEnableNotification(callback: AsyncCallback<void>): void
    function requestEnableNotification(context: object, callback: AsyncCallback<void>): void
  }
  export default notificationManager
}

declare module '@kit.NotificationKit' {
  import notificationManager from '@ohos.notificationManager'
  export { notificationManager }
}
