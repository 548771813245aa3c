import type { DescribeSecurityGroupsCommandInput, DescribeSecurityGroupsCommandOutput } from '@aws-sdk/client-ec2'
import { DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2'
import type { LookupEventsCommandInput, LookupEventsCommandOutput } from '@aws-sdk/client-cloudtrail'
import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import type { Clock, ProviderRef } from '@infraledger/core/adapter'
import { classified, refused } from './aws-errors.ts'
import type { AwsAttempt } from './aws-errors.ts'
import { callKeys } from './call-keys.ts'
import type { AwsClients } from './clients.ts'
import { rateLimit } from './rate-limit.ts'
import type { RateLimit } from './rate-limit.ts'

/** Who the credentials are. */
export type CallerIdentity = { readonly account: string; readonly arn: string }

/** How one call is told apart from others, and stopped. */
export type CallOptions = {
  readonly signal?: AbortSignal
  readonly about?: string
  /** Idempotency key of what is changed: its digest goes into the user agent, so that CloudTrail tells the ledger's own calls. */
  readonly key?: string
}

/** Everything that talks to AWS goes through a session: paced, with its errors classed. */
export interface AwsSession {
  readonly clock: Clock
  /** Where a ref lives that does not say. */
  readonly region: string
  readonly pollMs: number
  /** One call of RDS. */
  rds<Output>(
    region: string,
    action: string,
    call: (client: AwsClients['rds'], signal: { abortSignal?: AbortSignal }) => Promise<Output>,
    options?: CallOptions,
  ): Promise<Output>
  securityGroups(
    region: string,
    input: DescribeSecurityGroupsCommandInput,
    options?: CallOptions,
  ): Promise<DescribeSecurityGroupsCommandOutput>
  lookUpEvents(
    region: string,
    input: LookupEventsCommandInput,
    options?: CallOptions,
  ): Promise<LookupEventsCommandOutput>
  /** The id of the version of a secret that is current; no value is read. */
  secretVersion(region: string, arn: string): Promise<string | undefined>
  /** Who the credentials are; asked once. */
  caller(): Promise<CallerIdentity>
  /** Refuses with `account-mismatch` where something belongs to another account than the credentials do. */
  checkAccount(account: string | undefined, attempt: AwsAttempt): Promise<void>
}

/** How a session is set up. */
export type SessionOptions = {
  readonly clients: (region: string) => AwsClients
  readonly clock: Clock
  readonly region: string
  readonly pollMs: number
  readonly callsPerSecond: number
  /** Checked against GetCallerIdentity where it is given. */
  readonly account?: string
}

/** CloudTrail lets an account look up twice in a second per region (CloudTrail LookupEvents). */
const LOOKUPS_PER_SECOND = 2

/** A session with AWS. */
export function awsSession(options: SessionOptions): AwsSession {
  const { clients, clock, region } = options
  const keys = callKeys()
  const paces = new Map<string, RateLimit>()
  const paceOf = (service: string, place: string, callsPerSecond: number): RateLimit => {
    const key = `${service}/${place}`
    const known = paces.get(key) ?? rateLimit(callsPerSecond, clock)
    paces.set(key, known)
    return known
  }
  const paced: Paced = async (attempt, callsPerSecond, signal, call) => {
    signal?.throwIfAborted()
    await paceOf(attempt.service, attempt.region, callsPerSecond).turn(signal)
    signal?.throwIfAborted()
    try {
      // What changes something is not cut off: nobody would know what became of it.
      return await call(signal === undefined || !isReadingAction(attempt.action) ? {} : { abortSignal: signal })
    } catch (error) {
      if (signal?.aborted === true && isReadingAction(attempt.action)) throw error
      throw classified(error, attempt)
    }
  }
  const caller = callerIdentity(options, paced)
  return {
    clock,
    region,
    pollMs: options.pollMs,
    rds: (place, action, call, { signal, about, key } = {}) =>
      paced(
        { service: 'rds', action, region: place, ...(about === undefined ? {} : { about }) },
        options.callsPerSecond,
        signal,
        (abort) => keys.under(key, () => call(keys.teach(clients(place).rds), abort)),
      ),
    securityGroups: (place, input, { signal } = {}) =>
      paced(
        { service: 'ec2', action: 'DescribeSecurityGroups', region: place },
        options.callsPerSecond,
        signal,
        (abort) => clients(place).ec2.send(new DescribeSecurityGroupsCommand(input), abort),
      ),
    lookUpEvents: (place, input, { signal } = {}) =>
      paced({ service: 'cloudtrail', action: 'LookupEvents', region: place }, LOOKUPS_PER_SECOND, signal, (abort) =>
        clients(place).cloudTrail.send(new LookupEventsCommand(input), abort),
      ),
    secretVersion: (place, arn) =>
      paced(
        { service: 'secretsmanager', action: 'DescribeSecret', region: place },
        options.callsPerSecond,
        undefined,
        async () => {
          const secret = await clients(place).secrets.send(new DescribeSecretCommand({ SecretId: arn }))
          return Object.entries(secret.VersionIdsToStages ?? {}).find(([, stages]) =>
            stages.includes('AWSCURRENT'),
          )?.[0]
        },
      ),
    caller,
    async checkAccount(account, attempt) {
      const { account: own } = await caller()
      if (account === undefined || account === own) return
      const reason = `it belongs to account ${account}, and the credentials are those of ${own}`
      throw refused(attempt, reason, 'account-mismatch')
    },
  }
}

/** The region that a ref is in. */
export function regionOf(session: AwsSession, ref: Pick<ProviderRef, 'region'>): string {
  return ref.region ?? session.region
}

function isReadingAction(action: string): boolean {
  return /^(?:Describe|List|Get|Lookup)/.test(action)
}

type Paced = <Output>(
  attempt: AwsAttempt,
  callsPerSecond: number,
  signal: AbortSignal | undefined,
  call: (abort: { abortSignal?: AbortSignal }) => Promise<Output>,
) => Promise<Output>

/** Asks once who the credentials are, and again where that failed: a session may have been renewed meanwhile. */
function callerIdentity(
  { clients, region, account: wanted, callsPerSecond }: SessionOptions,
  paced: Paced,
): () => Promise<CallerIdentity> {
  const attempt = { service: 'sts', action: 'GetCallerIdentity', region }
  const identify = async (): Promise<CallerIdentity> => {
    const { Account: account = '', Arn: arn = '' } = await paced(attempt, callsPerSecond, undefined, () =>
      clients(region).sts.send(new GetCallerIdentityCommand({})),
    )
    if (wanted !== undefined && account !== wanted)
      throw refused(attempt, `the credentials are those of account ${account}, not of ${wanted}`, 'account-mismatch')
    return { account, arn }
  }
  let asked: Promise<CallerIdentity> | undefined
  return () => {
    asked ??= identify().catch((error: unknown) => {
      asked = undefined
      throw error
    })
    return asked
  }
}
