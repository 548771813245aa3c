import type { Impact, Properties } from '@infraledger/core/adapter'
import { sqlInstanceBehaviour } from '../../fake-cloud/kinds/sql-instance.ts'
import type { KindBehaviour } from '../../fake-cloud/kinds/behaviour.ts'
import { SETTINGS } from './settings.ts'
import { textOf } from '../wire/values.ts'

/** How an RDS instance differs from the cautious one of the fake cloud: what waits for the window is what RDS lets wait. */
export const rdsInstanceBehaviour: KindBehaviour = {
  ...sqlInstanceBehaviour,
  defaults: {
    ...sqlInstanceBehaviour.defaults,
    tier: 'db.t4g.micro',
    ...Object.fromEntries(
      SETTINGS.flatMap(({ property, byDefault }) => (byDefault === undefined ? [] : [[property, byDefault]])),
    ),
  },
  impact: { ...sqlInstanceBehaviour.impact, ...pendingImpacts(), availability: 'maintenance-window' },
  problem: (wanted, current) => classProblem(wanted) ?? sqlInstanceBehaviour.problem(wanted, current),
  // Replicas in the same region are promoted when their source goes (RDS User Guide, "Working with DB instance read replicas").
  dependents: {},
  nowAppliesAll: true,
}

function pendingImpacts(): Readonly<Record<string, Impact>> {
  const waiting = SETTINGS.filter(({ pends, property }) => pends === true && property !== 'backup.retentionDays')
  return Object.fromEntries(
    [...waiting.map(({ property }) => property), 'provider.port', 'provider.identifier'].map((property) => [
      property,
      'maintenance-window',
    ]),
  )
}

function classProblem({ tier }: Properties): string | undefined {
  return tier === undefined || /^db\.[a-z0-9-]+\.[a-z0-9]+$/.test(textOf(tier))
    ? undefined
    : `Invalid DB Instance class: ${textOf(tier)}`
}
