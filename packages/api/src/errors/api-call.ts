/** The calls of the API that can fail, by the names a program uses. `create`, `protect` … are VpnConnection's methods. */
export type ApiCall =
  | 'startVpnExtensionAbility'
  | 'stopVpnExtensionAbility'
  | 'createVpnConnection'
  | 'create'
  | 'protect'
  | 'destroy'
  | 'generateVpnId'
  | 'protectProcessNet'
  | 'setAlwaysOnVpnEnabled'
  | 'isAlwaysOnVpnEnabled'
  | 'updateVpnAuthorizedState'
