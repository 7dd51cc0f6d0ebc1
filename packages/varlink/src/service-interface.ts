import { standardErrors } from './errors.ts'
import { implement, type Implementation } from './handler.ts'
import { describeInterface } from './idl.ts'
import { defineInterface } from './interface.ts'
import { t } from './schema.ts'

/** What a server says about itself. */
export interface ServiceInfo {
  readonly vendor: string
  readonly product: string
  readonly version: string
  readonly url: string
}

const serviceInterface = defineInterface('org.varlink.service', {
  doc: 'The Varlink Service Interface is provided by every varlink service.',
  methods: {
    GetInfo: {
      doc: 'Get a list of all the interfaces a service provides and information about the implementation.',
      in: {},
      out: {
        vendor: t.string,
        product: t.string,
        version: t.string,
        url: t.string,
        interfaces: t.array(t.string),
      },
    },
    GetInterfaceDescription: {
      doc: 'Get the description of an interface that is implemented by this service.',
      in: { interface: t.string },
      out: { description: t.string },
    },
  },
  errors: {
    InterfaceNotFound: { interface: t.string },
    MethodNotFound: { method: t.string },
    MethodNotImplemented: { method: t.string },
    InvalidParameter: { parameter: t.string },
    PermissionDenied: {},
    ExpectedMore: {},
    InternalError: {},
  },
})

/**
 * `org.varlink.service` (https://varlink.org/Service) for a server with these interfaces. `InternalError` is an addition
 * of ours: a handler failed in a way that is nobody else's business.
 */
export function implementService(
  info: ServiceInfo,
  implementations: readonly Implementation[],
): Implementation {
  const interfaces = [serviceInterface, ...implementations.map((one) => one.interface)]
  return implement(serviceInterface, {
    GetInfo: () => ({
      vendor: info.vendor,
      product: info.product,
      version: info.version,
      url: info.url,
      interfaces: interfaces.map(({ name }) => name),
    }),
    GetInterfaceDescription: ({ interface: name }) => {
      const found = interfaces.find((one) => one.name === name)
      if (found === undefined) throw standardErrors.interfaceNotFound(name)
      return { description: describeInterface(found) }
    },
  })
}
