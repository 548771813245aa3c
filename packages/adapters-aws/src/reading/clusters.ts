import { DescribeDBClustersCommand } from '@aws-sdk/client-rds'
import type { DBCluster, Filter } from '@aws-sdk/client-rds'
import { isLedgerError } from '@infraledger/core/adapter'
import type { ResourceObservation } from '@infraledger/core/adapter'
import { dbClusterObservation, dbClusterSchema } from '../rds/db-cluster-observation.ts'
import { refused } from '../session/aws-errors.ts'
import type { AwsSession, CallOptions } from '../session/session.ts'
import { describedPages, filtered } from './pages.ts'
import type { PageCall } from './pages.ts'

/**
 * Clusters of a region in bulk; RDS answers those of DocumentDB and Neptune with its own. All are listed where a server does not know the filter; whoever
 * asked for some finds them among them.
 */
export async function* readClusters(
  session: AwsSession,
  region: string,
  filters: readonly Filter[],
  options: CallOptions,
): AsyncGenerator<readonly ResourceObservation[]> {
  try {
    yield* describeClusters(session, region, filters, options)
  } catch (error) {
    const isAboutFilters = isLedgerError(error, 'cloud-refused') && /filter/i.test(error.details.reason)
    if (!isAboutFilters || filters.length === 0) throw error
    yield* describeClusters(session, region, [], options)
  }
}

async function* describeClusters(
  session: AwsSession,
  region: string,
  filters: readonly Filter[],
  options: CallOptions,
): AsyncGenerator<readonly ResourceObservation[]> {
  const call: PageCall<DBCluster> = async (rds, page, signal) => {
    const answer = await rds.send(new DescribeDBClustersCommand({ ...page, ...filtered(filters) }), signal)
    return { items: answer.DBClusters ?? [], marker: answer.Marker }
  }
  const pages = describedPages(session, region, 'DescribeDBClusters', call, options)
  for await (const page of pages) yield page.map((cluster) => read(region, cluster))
}

function read(region: string, cluster: DBCluster): ResourceObservation {
  const parsed = dbClusterSchema.safeParse(cluster)
  if (parsed.success) return dbClusterObservation(parsed.data)
  const issue = parsed.error.issues[0]
  const reason = `it was described in a way that is not understood: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`
  const about = cluster.DBClusterIdentifier
  throw refused(
    { service: 'rds', action: 'DescribeDBClusters', region, ...(about === undefined ? {} : { about }) },
    reason,
  )
}
