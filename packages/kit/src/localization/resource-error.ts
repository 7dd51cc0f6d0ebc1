import { BusinessError } from '@vpnext/api'

/** Codes of the resource manager (errorcode-resource-manager of the HarmonyOS documents). */
const messages = {
  9001001: 'Invalid resource ID.',
  9001002: 'No matching resource is found based on the resource ID.',
  9001003: 'Invalid resource name.',
  9001004: 'No matching resource is found based on the resource name.',
  9001005: 'Invalid relative path.',
  9001006: 'The resource is referenced cyclically.',
  9001007: 'Failed to format the resource obtained based on the resource ID.',
  9001008: 'Failed to format the resource obtained based on the resource Name.',
} as const

export type ResourceErrorCode = keyof typeof messages

export function resourceError(code: ResourceErrorCode, reason: string): BusinessError {
  return new BusinessError(code, messages[code], { reason })
}
