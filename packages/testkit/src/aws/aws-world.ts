import type { CloudTarget } from '@infraledger/core/adapter'
import type { FakeCloud } from '../fake-cloud/fake-cloud.ts'
import type { Simulation } from '../fake-cloud/simulation.ts'
import type { AwsPrincipal } from './wire/caller.ts'
import type { TrailEvent } from './wire/trail.ts'

/** A right that nobody has: an IAM action (`rds:ModifyDBInstance`), for everyone or for one principal's access key. */
export type Denial = { readonly action: string; readonly accessKeyId?: string }

/** All that the wire-level server speaks for, for its own files only. */
export type AwsWorld = {
  readonly simulation: Simulation
  readonly cloud: FakeCloud
  readonly home: CloudTarget
  /** By access key id. */
  readonly principals: Map<string, AwsPrincipal>
  /** Access keys whose session is over. */
  readonly expired: Set<string>
  readonly denials: Denial[]
  readonly trail: TrailEvent[]
  /** Values of secrets, by the immutable id of the instance that they are of; in memory only. */
  readonly masterPasswords: Map<string, string>
}

/** One call that came over the wire. */
export type AwsCall = {
  readonly world: AwsWorld
  readonly requestId: string
  readonly region: string
  readonly accessKeyId: string
  readonly principal: AwsPrincipal
  readonly userAgent: string
  readonly sourceIpAddress: string
}

/** The account that a world is. */
export function accountOf({ home }: AwsWorld): string {
  return home.account
}
