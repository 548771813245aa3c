import type { FakeCallOperation } from '../../fake-cloud/calls.ts'
import type { Deed } from '../../fake-cloud/deed.ts'
import type { AwsCall } from '../aws-world.ts'
import type { Form } from '../wire/form.ts'
import type { XmlValue } from '../wire/xml.ts'

/** A call of an operation that is being served, at one moment. */
export type FormCall = AwsCall & { readonly form: Form; readonly now: number; readonly doomed: boolean }

/** One operation of a service that speaks in forms. */
export type FormOperation = {
  /** What it is to the fake cloud's faults and record of calls. */
  readonly effect: FakeCallOperation
  /** The parameter that names what it is about. */
  readonly about?: string
  /** What is in `<…Result>`; undefined for operations that answer nothing. */
  serve(call: FormCall): XmlValue
}

/** How a call is carried out in the fake cloud: by whom, when, and how it will go. */
export function deedOf(call: FormCall, operation: string, name: string): Deed {
  const { world, now, doomed, requestId, principal } = call
  return {
    by: {
      principal: { type: 'user', id: principal.type === 'user' ? principal.name : principal.session },
      key: requestId,
    },
    attempt: { provider: world.simulation.name, operation, kind: 'sql-instance', name },
    now,
    doomed,
  }
}
