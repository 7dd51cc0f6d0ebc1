import type { BundleArchive } from '../src/protocol/bundle.ts'

/** A bundle with one VPN extension and one page, changed by `changes`. */
export function sampleArchive(changes: Partial<BundleArchive> = {}): BundleArchive {
  return {
    format: 1,
    app: {
      bundleName: 'com.example.vpn',
      vendor: 'example',
      versionCode: 1_000_000,
      versionName: '1.0.0',
      label: 'Example VPN',
    },
    modules: [
      {
        name: 'entry',
        type: 'entry',
        abilities: [
          {
            name: 'VpnAbility',
            kind: 'extension',
            type: 'vpn',
            script: 'vpn',
            exportName: 'default',
            description: '',
          },
          {
            name: 'EntryAbility',
            kind: 'page',
            type: '',
            script: 'page',
            exportName: 'default',
            description: '',
          },
        ],
        permissions: ['ohos.permission.INTERNET'],
      },
    ],
    scripts: {
      vpn: { code: 'exports.default = class {}', map: '{"version":3}' },
      page: { code: '', map: '' },
    },
    files: { 'rawfile/ca.pem': Buffer.from('certificate').toString('base64') },
    kits: ['@kit.NetworkKit'],
    natives: [],
    ...changes,
  }
}

/** An archive as the bytes of a memfd hold it. */
export function archiveBytes(archive: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(archive))
}
