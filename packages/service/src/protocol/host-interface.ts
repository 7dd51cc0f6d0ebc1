import { limits } from '@vpnext/api'
import { defineInterface, t } from '@vpnext/varlink'
import { eventDelivery, eventPublication, eventResult, eventSubscription } from './event-types.ts'
import { parcelFields, remoteReference } from './ipc-types.ts'
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
        /** What runs here: an extension, a page without its pictures, or suites of tests. */
        kind: t.oneOf('extension', 'page', 'test'),
        /** Key into the archive's `scripts`; the code lies at /bundle/scripts/<key>.cjs. */
        script: t.string,
        exportName: t.string,
        versionCode: t.int,
        versionName: t.string,
        label: t.string,
        permissions: t.array(t.string),
        ownerUid: t.int,
        /** The administrator has made the bundle a system application. */
        systemApplication: t.bool,
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
    ProtectProcess: {
      doc: 'VpnConnection.protectProcessNet: protects every socket the host makes from now on, as far as the kernel can.',
      in: {},
      out: {
        /** `nobody`: the host has to protect each socket itself; `reason` says why. */
        by: t.oneOf('kernel', 'nobody'),
        reason: t.maybe(t.string),
      },
    },
    CountTraffic: {
      doc: 'What the process of the host has received and sent since it first asked, in bytes, IP headers included.',
      in: {},
      out: { received: t.int, sent: t.int },
    },
    SetAlwaysOn: {
      doc: 'setAlwaysOnVpnEnabled of a system application, for a bundle of the same user.',
      in: { bundleName: t.string, enable: t.bool },
      out: {},
    },
    IsAlwaysOn: {
      doc: 'isAlwaysOnVpnEnabled of a system application.',
      in: { bundleName: t.string },
      out: { enabled: t.bool },
    },
    UpdateAuthorization: {
      doc: 'updateVpnAuthorizedState of a system application: the answer of its own consent dialog.',
      in: { bundleName: t.string, allow: t.bool },
      out: {},
    },
    StartAbility: {
      doc: 'startVpnExtensionAbility from inside a host.',
      in: { want },
      out: {},
      fdsIn: limits.wantDescriptors,
    },
    StopAbility: { doc: 'stopVpnExtensionAbility from inside a host.', in: { want }, out: {} },
    StartPage: {
      doc: 'context.startAbility: a page of the own bundle.',
      in: { want },
      out: {},
      fdsIn: limits.wantDescriptors,
    },
    TerminateSelf: { doc: 'context.terminateSelf: stops the caller, after this answer.', in: {}, out: {} },
    ConnectAbility: {
      doc: 'connectServiceExtensionAbility: uses an extension of the own bundle until DisconnectAbility, or until it ends.',
      in: { want, connection: t.int },
      out: {
        element: t.struct({ bundleName: t.string, moduleName: t.string, abilityName: t.string }),
        /** What its onConnect returned, if that was a remote object. */
        remote: t.maybe(remoteReference),
      },
      fdsIn: limits.wantDescriptors,
    },
    DisconnectAbility: {
      doc: 'disconnectServiceExtensionAbility; again: nothing.',
      in: { connection: t.int },
      out: {},
    },
    SendRequest: {
      doc: 'A request to a remote object of another process of the bundle; a one-way one is answered when it is on its way.',
      in: { node: t.int, code: t.int, flags: t.int, ...parcelFields },
      out: { result: t.int, ...parcelFields },
      fdsIn: 16,
      fdsOut: 16,
    },
    ReportTest: { doc: 'Text of a test run, for whoever has started it.', in: { text: t.string }, out: {} },
    FinishTests: {
      doc: 'finishTest: the run is over, and so is the caller.',
      in: { code: t.int, message: t.string },
      out: {},
    },
    SearchLog: {
      doc: 'Whether a line of the log of the own bundle has a text, in capitals or not. For processes that run tests.',
      in: { text: t.string },
      out: { found: t.bool },
    },
    ClearLog: {
      doc: 'Forgets the lines of the own bundle. For processes that run tests.',
      in: {},
      out: {},
    },
    PublishEvent: {
      doc: 'commonEventManager.publish; answers once the event is accepted. Oneway where the host sees that it will be.',
      in: eventPublication,
      out: {},
    },
    SubscribeEvents: {
      doc: 'commonEventManager.subscribe; sticky events that are there come at once.',
      in: eventSubscription,
      out: {},
    },
    UnsubscribeEvents: { doc: 'commonEventManager.unsubscribe.', in: { subscriber: t.int }, out: {} },
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
    Create: {
      doc: 'Load the module, construct the class, onCreate(want); then onRequest(want, 1), unless somebody connects.',
      in: { want, connecting: t.maybe(t.bool) },
      out: {},
      fdsIn: limits.wantDescriptors,
    },
    Request: {
      doc: 'onRequest(want, startId).',
      in: { want, startId: t.int },
      out: {},
      fdsIn: limits.wantDescriptors,
    },
    Connect: {
      doc: 'onConnect(want): somebody uses the extension from now on.',
      in: { want },
      out: {
        /** The remote object it returned, under its own number. */
        remote: t.maybe(t.struct({ id: t.int, descriptor: t.string })),
      },
      fdsIn: limits.wantDescriptors,
    },
    Disconnect: { doc: 'onDisconnect(want): they do not any more.', in: { want }, out: {} },
    Destroy: { doc: 'onDestroy(); the process is killed after the answer.', in: {}, out: {} },
    AuthorizationResult: {
      doc: 'The user has answered a question for consent about the bundle.',
      in: { allowed: t.bool },
      out: {},
    },
    DeliverEvent: {
      doc: 'A common event for one subscription; of an ordered one the answer waits for finishCommonEvent.',
      in: eventDelivery,
      out: eventResult,
    },
    HandleRequest: {
      doc: 'A request to a remote object of this process.',
      in: {
        object: t.int,
        code: t.int,
        flags: t.int,
        callerPid: t.int,
        callerUid: t.int,
        ...parcelFields,
      },
      out: { result: t.int, ...parcelFields },
      fdsIn: 16,
      fdsOut: 16,
    },
    RemoteDied: { doc: 'A remote object has gone with its process.', in: { node: t.int }, out: {} },
    PageEvent: {
      doc: 'For a test run: a page of its bundle is in the foreground now, or its process has ended.',
      in: { moduleName: t.string, abilityName: t.string, event: t.oneOf('shown', 'gone') },
      out: {},
    },
    ConnectionLost: { doc: 'A connected extension has ended.', in: { connection: t.int }, out: {} },
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
