import type { FakeCallOperation } from '../../fake-cloud/calls.ts'
import type { AwsCall } from '../aws-world.ts'

/** A call of the JSON protocol that is being served, at one moment. */
export type JsonCall = AwsCall & { readonly input: Readonly<Record<string, unknown>>; readonly now: number }

/** One operation of a service that speaks JSON. */
export type JsonOperation = {
  readonly effect: FakeCallOperation
  serve(call: JsonCall): object
}
