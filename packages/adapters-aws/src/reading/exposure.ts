import type { IpPermission, SecurityGroup } from '@aws-sdk/client-ec2'
import { isLedgerError } from '@infraledger/core/adapter'
import type { DbInstance } from '../rds/db-instance-schema.ts'
import type { AwsSession } from '../session/session.ts'

/** A filter takes 200 values at most (EC2 API, "Filter"). */
const GROUPS_PER_CALL = 200

/** What instances' security groups let in, read once for as long as one reading goes on. */
export interface Exposure {
  /** Reads the groups of those of the instances whose flag says public; the others are closed whatever their groups say. */
  look(instances: readonly DbInstance[], signal?: AbortSignal): Promise<void>
  /** Whether a group of the instance lets the internet in to its port; undefined where the groups could not be read. */
  ingressOf(instance: DbInstance): 'open' | 'closed' | undefined
  /** Why groups could not be read, once each. */
  problems(): readonly string[]
}

/** The exposure of instances of one region. */
export function exposureIn(session: AwsSession, region: string): Exposure {
  const groups = new Map<string, SecurityGroup | undefined>()
  const problems: string[] = []
  let told = 0
  return {
    async look(instances, signal) {
      const wanted = new Set(
        instances
          .filter(isFlagged)
          .flatMap(groupIds)
          .filter((id) => !groups.has(id)),
      )
      const ids = [...wanted]
      for (let from = 0; from < ids.length; from += GROUPS_PER_CALL) {
        const asked = ids.slice(from, from + GROUPS_PER_CALL)
        try {
          const found = await readGroups(session, region, asked, signal)
          for (const id of asked) groups.set(id, found.get(id))
        } catch (error) {
          if (!isLedgerError(error, 'cloud-refused')) throw error
          for (const id of asked) groups.set(id, undefined)
          problems.push(`whether instances that are flagged as public can be reached is not known: ${error.message}`)
        }
      }
    },
    ingressOf(instance) {
      if (!isFlagged(instance)) return 'closed'
      const known = groupIds(instance).map((id) => groups.get(id))
      const port = instance.Endpoint?.Port
      if (known.some((group) => group?.IpPermissions?.some((permission) => letsInternetIn(permission, port))))
        return 'open'
      return known.includes(undefined) ? undefined : 'closed'
    },
    problems() {
      const fresh = problems.slice(told)
      told = problems.length
      return fresh
    },
  }
}

async function readGroups(
  session: AwsSession,
  region: string,
  ids: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, SecurityGroup>> {
  const found = new Map<string, SecurityGroup>()
  let token: string | undefined
  do {
    const answer = await session.securityGroups(
      region,
      { Filters: [{ Name: 'group-id', Values: [...ids] }], ...(token === undefined ? {} : { NextToken: token }) },
      signal === undefined ? {} : { signal },
    )
    for (const group of answer.SecurityGroups ?? []) if (group.GroupId !== undefined) found.set(group.GroupId, group)
    token = answer.NextToken
  } while (token !== undefined && token !== '')
  return found
}

function isFlagged({ PubliclyAccessible: flag }: DbInstance): boolean {
  return flag === true
}

function groupIds(instance: DbInstance): readonly string[] {
  return (instance.VpcSecurityGroups ?? []).map((group) => group.VpcSecurityGroupId)
}

/** Ranges as wide as these are the internet: nobody's own network is a 256th of all addresses. Prefix lists are not looked into. */
const WIDEST_OWN_IPV4 = 8
const WIDEST_OWN_IPV6 = 16
const PRIVATE_IPV4 = /^(?:10\.|0\.0\.0\.0\/32$)/

/** Whether a rule lets the internet in to a port; to any, where the port is not known. */
export function letsInternetIn(permission: IpPermission, port: number | undefined): boolean {
  const { IpProtocol: protocol, FromPort: from, ToPort: to } = permission
  const isForPort =
    protocol === '-1' ||
    (protocol === 'tcp' && (port === undefined || from === undefined || (from <= port && port <= (to ?? from))))
  if (!isForPort) return false
  const ranges = (permission.IpRanges ?? []).map(({ CidrIp: range }) => range ?? '')
  const sixes = (permission.Ipv6Ranges ?? []).map(({ CidrIpv6: range }) => range ?? '')
  return (
    ranges.some((range) => prefixOf(range) <= WIDEST_OWN_IPV4 && !PRIVATE_IPV4.test(range)) ||
    sixes.some((range) => prefixOf(range) <= WIDEST_OWN_IPV6 && !/^f[cde]/i.test(range))
  )
}

function prefixOf(range: string): number {
  const [, prefix] = range.split('/')
  return prefix === undefined ? Number.POSITIVE_INFINITY : Number(prefix)
}
