/** Names of API 8 and before. */
declare module '@ohos.commonEvent' {
  import commonEventManager from '@ohos.commonEventManager'
  export default commonEventManager
}

declare module '@ohos.notification' {
  import notificationManager from '@ohos.notificationManager'
  export default notificationManager
}

declare module '@ohos.wantAgent' {
  import wantAgent from '@ohos.app.ability.wantAgent'
  export default wantAgent
}
