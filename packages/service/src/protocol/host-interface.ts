import { defineInterface, t } from '@vpnext/varlink'
import { businessErrorParameters, want } from './types.ts'

/**
 * Host → service on fd 3. The host is whoever holds that socket; nothing it says about itself is believed.
 */
export const hostInterface = defineInterface('io.vpnext.Host', {
  doc: 'What the host of one extension may ask of the service.',
  methods: {
    Attach: {
      doc: 'The sandbox is up; hands out what the host needs to load the extension.',
      in: { sandbox: t.array(t.string), missing: t.array(t.string) },
      out: {
        bundleName: t.string,
        moduleName: t.string,
        abilityName: t.string,
        /** Key into the archive's `scripts`; the code lies at /bundle/scripts/<key>.cjs. */
        script: t.string,
        exportName: t.string,
        versionCode: t.int,
        versionName: t.string,
        label: t.string,
        permissions: t.array(t.string),
        ownerUid: t.int,
      },
    },
    CreateVpn: {
      doc: 'VpnConnection.create; the TUN descriptor comes with the reply.',
      in: { config: t.json },
      out: { interfaceName: t.string, warnings: t.array(t.struct({ field: t.string, reason: t.string })) },
      fdsOut: 1,
    },
    DestroyVpn: {
      doc: "VpnConnection.destroy; without vpnId, the bundle's own single tunnel.",
      in: { vpnId: t.maybe(t.string) },
      out: {},
    },
    Protect: {
      doc: 'VpnConnection.protect; the socket comes with the call.',
      in: {},
      out: {},
      fdsIn: 1,
    },
    StartAbility: { doc: 'startVpnExtensionAbility from inside a host.', in: { want }, out: {} },
    StopAbility: { doc: 'stopVpnExtensionAbility from inside a host.', in: { want }, out: {} },
    Log: {
      doc: 'One line of hilog or console.',
      in: {
        level: t.oneOf('debug', 'info', 'warn', 'error', 'fatal'),
        domain: t.int,
        tag: t.string,
        message: t.string,
      },
      out: {},
    },
  },
  errors: { BusinessError: businessErrorParameters },
})

/** Service → host on fd 3: the life cycle of the ability. Each answer means the callback has settled. */
export const abilityInterface = defineInterface('io.vpnext.Ability', {
  doc: 'The life cycle of one extension, driven by the service.',
  methods: {
    Create: { doc: 'Load the module, construct the class, onCreate(want).', in: { want }, out: {} },
    Request: { doc: 'onRequest(want, startId).', in: { want, startId: t.int }, out: {} },
    Destroy: { doc: 'onDestroy(); the process is killed after the answer.', in: {}, out: {} },
    TunnelGone: {
      doc: 'A tunnel of this host ended without its doing.',
      in: { vpnId: t.string, interfaceName: t.string, reason: t.string },
      out: {},
    },
  },
  errors: {
    /** The module could not be loaded or does not export the class. */
    LoadFailed: { reason: t.string },
    /** A life-cycle callback threw or rejected; the host lives on. */
    CallbackFailed: { callback: t.string, reason: t.string },
  },
})
