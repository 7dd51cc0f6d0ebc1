/** As much of the kits as the TypeScript extensions of this folder use; the `.ets` ones have the real declarations. */
declare module '@kit.NetworkKit' {
  export class VpnExtensionAbility {
    readonly context: object
    onRequest(want: { parameters?: object }, startId: number): Promise<void>
  }
  export interface VpnConnection {
    create(config: object): Promise<number>
    destroy(vpnId?: string): Promise<void>
  }
  export const vpnExtension: { createVpnConnection(context: object): VpnConnection }
}

declare module '@kit.PerformanceAnalysisKit' {
  export const hilog: { info(domain: number, tag: string, format: string, text: string): void }
}
