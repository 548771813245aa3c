import type { CloudProvider } from '../cloud/cloud-provider.ts'
import { isIterable, observedIterable } from './observed-iterable.ts'
import { beginWork } from './in-span.ts'
import type { Told } from './in-span.ts'
import type { Attributes, Telemetry } from './telemetry.ts'
import { withMembers } from './with-members.ts'

/** Members that answer from memory. */
const UNTOLD: ReadonlySet<PropertyKey> = new Set(['capabilities', 'constructor', 'toString', 'toJSON', 'then'])

/**
 * A cloud that tells of each of its calls, whatever operations it has: what answers a promise is told until that settles, what answers an
 * operation or pages until their end. Of what is passed and answered only kind and region are told.
 */
export function observedCloud(cloud: CloudProvider, telemetry: Telemetry | undefined): CloudProvider {
  return telemetry === undefined ? cloud : observedProvider(cloud, cloud.name, telemetry)
}

/** Any port whose calls go to a provider: a cloud, its activity log. */
export function observedProvider<Port extends object>(port: Port, provider: string, telemetry: Telemetry): Port {
  return withMembers(port, (key, member) => {
    if (typeof key === 'symbol' || UNTOLD.has(key)) return member
    if (typeof member === 'object' && member !== null && key === 'activityLog')
      return observedProvider(member, provider, telemetry)
    if (typeof member !== 'function') return member
    return (...args: readonly unknown[]): unknown =>
      tell(telemetry, call(provider, String(key), args), () => Reflect.apply(member, undefined, args))
  })
}

/** Makes a call and tells of it until what it answers is over. */
function tell(telemetry: Telemetry, told: Told, make: () => unknown): unknown {
  const work = beginWork(telemetry, told)
  let answer: unknown
  try {
    answer = work.span.run(make)
  } catch (error) {
    work.finish({ error })
    throw error
  }
  if (isIterable(answer)) return observedIterable(answer, work)
  if (answer instanceof Promise) {
    answer.then(
      () => work.finish({ outcome: 'done' }),
      (error: unknown) => work.finish({ error }),
    )
  } else work.finish({ outcome: 'done' })
  return answer
}

function call(provider: string, operation: string, args: readonly unknown[]): Told {
  const kind = textIn(args[0], 'kind')
  const region =
    textIn(args[0], 'region') ?? textIn(within(args[0], 'target'), 'region') ?? textIn(within(args[0], 'ref'), 'region')
  const measured: Attributes = {
    'infraledger.provider.name': provider,
    'infraledger.provider.operation': operation,
    ...(kind === undefined ? {} : { 'infraledger.node.kind': kind }),
  }
  return {
    name: `${operation} ${provider}`,
    kind: 'client',
    attributes: { ...measured, ...(region === undefined ? {} : { 'infraledger.provider.region': region }) },
    duration: 'infraledger.provider.call.duration',
    measured,
  }
}

function within(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}

function textIn(value: unknown, key: string): string | undefined {
  const found = within(value, key)
  return typeof found === 'string' ? found : undefined
}
