import { defineInterface, t } from '@vpnext/varlink'
import {
  bundleInfo,
  businessErrorParameters,
  consentRequest,
  grant,
  logEntry,
  policyGrant,
  status,
  want,
} from './types.ts'

/**
 * What the CLI, the console and any other program of a user may ask of the service, on `<run-dir>/io.vpnext`.
 * The caller is who the kernel says it is (SO_PEERCRED); who may do what is the table in docs/security.md.
 */
export const publicInterface = defineInterface('io.vpnext', {
  doc: 'HarmonyOS VPN extensions on Linux.',
  methods: {
    GetStatus: { doc: 'Hosts and tunnels as they are now.', in: {}, out: { status } },
    MonitorStatus: {
      doc: 'The status now, and again after every change.',
      in: {},
      out: { status },
      more: true,
    },
    Install: {
      doc: 'Installs the bundle archive in the sealed memfd that comes with the call, for the calling user.',
      in: {},
      out: { bundle: bundleInfo, replaced: t.bool },
      fdsIn: 1,
    },
    Uninstall: {
      doc: 'Stops and removes a bundle of the calling user, its consent, and unless keepData its data; also the data that was kept.',
      in: { bundleName: t.string, keepData: t.maybe(t.bool) },
      out: {},
    },
    CleanBundle: {
      doc: 'Stops a bundle of the calling user and removes what it has written: everything, or what it keeps in its cache folders.',
      in: { bundleName: t.string, what: t.oneOf('cache', 'data') },
      out: {},
    },
    StoreProfile: {
      doc: 'Puts the bytes of the sealed memfd that comes with the call into filesDir/profiles of a bundle’s VPN extension, 0600 and its host’s.',
      in: { bundleName: t.string, name: t.string },
      out: {},
      fdsIn: 1,
    },
    RemoveProfile: {
      doc: 'Removes what StoreProfile has put there.',
      in: { bundleName: t.string, name: t.string },
      out: { removed: t.bool },
    },
    MayRunCommands: {
      doc: 'Whether the administrator lets users run the commands in a bundle’s profiles.',
      in: { bundleName: t.string },
      out: { allowed: t.bool },
    },
    ReadReport: {
      doc: 'A file that a bundle’s VPN extension has left for its user in filesDir/reports; without text when there is none.',
      in: { bundleName: t.string, name: t.string },
      out: { text: t.maybe(t.string) },
    },
    ListBundles: { doc: 'The bundles of the calling user.', in: {}, out: { bundles: t.array(bundleInfo) } },
    StartAbility: {
      doc: 'startVpnExtensionAbility as the calling user; answers once the extension runs or was refused.',
      in: { want },
      out: {},
    },
    ConnectAbility: {
      doc: 'Uses an extension for as long as the call is open: onConnect at its start, onDisconnect at its end. 16000050 when onConnect fails.',
      in: { want },
      out: {},
      more: true,
    },
    StopAbility: { doc: 'stopVpnExtensionAbility as the calling user.', in: { want }, out: {} },
    StartPage: {
      doc: 'Starts a page, without its pictures, as the calling user; answers once it is in the foreground.',
      in: { want },
      out: {},
    },
    StopBundle: {
      doc: 'Stops every process of a bundle of the calling user.',
      in: { bundleName: t.string },
      out: {},
    },
    RunTests: {
      doc: 'Runs the suites of a module, by default of the first that has some; the last reply has the result.',
      in: {
        bundleName: t.string,
        moduleName: t.maybe(t.string),
        /** What `-s` gives the tests. */
        parameters: t.map(t.string),
        /** How questions for consent of the bundle are answered while it runs; by default by the user. */
        consent: t.maybe(t.oneOf('allow', 'deny', 'timeout')),
        /** The first start of an extension loses its want.parameters, as devices do after the consent dialog. */
        loseParameters: t.bool,
      },
      out: {
        text: t.maybe(t.string),
        result: t.maybe(t.struct({ code: t.int, message: t.string })),
      },
      more: true,
    },
    ListConsents: {
      doc: 'Decisions on record, those of the policy about installed bundles, and questions that wait for an answer.',
      in: {},
      out: { grants: t.array(grant), policy: t.array(policyGrant), pending: t.array(consentRequest) },
    },
    MonitorConsents: {
      doc: 'Every question that waits for an answer, those that wait already first.',
      in: {},
      out: { request: consentRequest },
      more: true,
    },
    AnswerConsent: {
      doc: 'Allows or denies a bundle of the calling user, whether it has asked yet or not; with a code hash, only that code.',
      in: { bundleName: t.string, allow: t.bool, codeHash: t.maybe(t.string) },
      out: { grant },
    },
    RevokeConsent: {
      doc: 'Forgets the decision on a bundle and stops it.',
      in: { bundleName: t.string },
      out: {},
    },
    ReadLogs: {
      doc: 'The last log entries, oldest first; with follow, new ones as they come.',
      in: { bundleName: t.maybe(t.string), follow: t.bool, last: t.maybe(t.int) },
      out: { entry: logEntry },
      more: true,
    },
    ClearLogs: {
      doc: 'Forgets the log entries that ReadLogs would give this caller; what has gone to the journal stays there.',
      in: {},
      out: { forgotten: t.int },
    },
    PlanVpn: {
      doc: 'What create() would change for this configuration, in order, without changing it.',
      in: { config: t.json, bundleName: t.maybe(t.string) },
      out: { steps: t.array(t.string), warnings: t.array(t.struct({ field: t.string, reason: t.string })) },
    },
    JoinBundle: {
      doc: 'Makes the calling process, and whatever it starts from then on, a program of a bundle, installed or not.',
      in: { bundleName: t.string },
      out: {},
    },
    DescribeProgram: {
      doc: 'What tells the sockets of a program from others, and where its DNS questions are sent. Default: the caller’s uid.',
      in: { bundleName: t.maybe(t.string), uid: t.maybe(t.int) },
      out: {
        /** The identity bits of their SO_MARK; 0: none. */
        mark: t.int,
        /** Users that run nothing but this bundle. */
        uids: t.array(t.int),
        /** Port 53 of `from` becomes port 53 of `to`, or is refused (`refuse`). */
        dnsRedirects: t.array(t.struct({ from: t.string, to: t.string, interfaceName: t.string })),
      },
    },
  },
  errors: {
    /** An error of the API document, for the caller as it stands. */
    BusinessError: businessErrorParameters,
    /** The caller may not do this; says who may. */
    NotPermitted: { reason: t.string },
    NoSuchBundle: { bundleName: t.string },
    /** The archive is refused; `field` is a path inside it. */
    InvalidBundle: { field: t.string, reason: t.string },
    /** A profile or report is refused; `field` names the argument. */
    InvalidFile: { field: t.string, reason: t.string },
    NoSuchRequest: { bundleName: t.string },
    /** Programs cannot be told from each other here; `reason` says why. */
    NoControlGroups: { reason: t.string },
    /** The service cannot keep or make what this takes, as with a full disk; nothing has changed. */
    MachineRefused: { reason: t.string },
  },
})
