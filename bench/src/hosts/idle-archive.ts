/** The archive of a bundle whose one extension does nothing; what `vpnext install` would make of it. */
export function idleArchive(bundleName: string): Uint8Array {
  const code =
    "exports.default = class IdleAbility extends require('@kit.NetworkKit').VpnExtensionAbility {}\n" +
    "require('@kit.PerformanceAnalysisKit').hilog.info(1, 'Idle', 'loaded')\n"
  const ability = {
    name: 'IdleAbility',
    kind: 'extension',
    type: 'vpn',
    script: 'IdleAbility',
    exportName: 'default',
  }
  return Buffer.from(
    JSON.stringify({
      format: 1,
      app: { bundleName, vendor: 'vpnext', versionCode: 1, versionName: '1', label: bundleName },
      modules: [{ name: 'entry', type: 'entry', abilities: [ability], permissions: [] }],
      scripts: { IdleAbility: { code, map: '' } },
      files: {},
      kits: ['@kit.NetworkKit', '@kit.PerformanceAnalysisKit'],
      natives: [],
    }),
  )
}
