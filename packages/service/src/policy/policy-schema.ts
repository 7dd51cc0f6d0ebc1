import { isIP } from 'node:net'
import * as z from 'zod'
import { bundleNamePattern } from '../protocol/bundle-names.ts'

const codeHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/, { message: 'must be 64 hexadecimal digits, as `vpnext list` shows them' })

const endpoint = z.strictObject({
  address: z.string().refine((text) => isIP(text) !== 0, { message: 'must be an IPv4 or IPv6 address' }),
  port: z.int().min(1).max(65_535),
  protocol: z.enum(['tcp', 'udp']),
})

const rule = z
  .strictObject({
    bundleName: z.string().max(128).regex(bundleNamePattern),
    /** Whose bundle: uids; absent: everybody's. Names of bundles are not protected, so say who. */
    users: z.array(z.int().nonnegative()).min(1).optional(),
    /** Only this code; absent: whatever the user has installed under the name. */
    codeHash: codeHash.optional(),
    /** Makes it a system application, which may use the system API. */
    system: z.boolean().optional(),
    /** The answer to the question for consent, which is not asked any more. */
    consent: z.enum(['allowed', 'denied']).optional(),
    /** Runs from the start of the service on, and is started again when it ends; false: never, whatever an application sets. */
    alwaysOn: z.boolean().optional(),
    /**
     * Whether its tunnels stay closed when its host or the service ends unasked; absent: as `alwaysOn`. `always`: while it has
     * no tunnel, everything of its scope is closed too, from the start of the service on.
     */
    lockdown: z.literal([false, true, 'always']).optional(),
    /** Whose traffic its tunnels carry; absent: of the device for administrators, of themselves for others. */
    scope: z.enum(['device', 'user']).optional(),
    /** A VPN for everybody may leave out programs of this name, which `vpnext exec` gives to administrators only. */
    excludable: z.boolean().optional(),
    /** Commands in its profiles (`PostUp` of wg-quick …) may be run, by whoever brings a profile up and with their rights. */
    commands: z.boolean().optional(),
    /** Where its protected sockets may lead; absent: anywhere. */
    endpoints: z.array(endpoint).min(1).max(64).optional(),
  })
  // Anybody may install anything under any name, so a name alone must not carry the right to act for the administrator.
  .refine(({ system, codeHash: hash }) => system !== true || hash !== undefined, {
    path: ['codeHash'],
    message: 'must be given beside "system": true',
  })

/** A file of the policy folder. Unknown members are refused: a misspelt rule must not silently be none. */
export const policyFile = z.strictObject({ version: z.literal(1), rules: z.array(rule).max(1000) })

/** What the administrator says about a bundle. */
export type PolicyRule = z.infer<typeof rule>
/** Where a protected socket may lead. */
export type PolicyEndpoint = z.infer<typeof endpoint>
