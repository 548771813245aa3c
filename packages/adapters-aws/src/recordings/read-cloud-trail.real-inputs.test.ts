import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { inMemoryEventStore, openLedger, user } from '@infraledger/core'
import { readCloudTrail } from './read-cloud-trail.ts'

const root = new URL('../../../../../shared/real-inputs/', import.meta.url)
const textOf = (file: string): string => readFileSync(new URL(file, root), 'utf8')
const life = () => readCloudTrail(textOf('invictus-cloudtrail-rds/rds-events.json'), { name: 'rds-events.json' })

describe('the log of an attack', () => {
  it('AWS 16: is one reading for each step, in order', () => {
    const steps = life().map(({ observedAt, observations, gone }) => [
      observedAt.slice(11, 19),
      ...observations.map(
        ({ kind, ref, properties }) => `${kind}/${ref.name} ${JSON.stringify(properties['shared_accounts'] ?? '')}`,
      ),
      ...gone.map(({ type, name }) => `gone: ${type}/${name}`),
    ])
    expect(steps).toEqual([
      ['12:15:03', 'aws_db_subnet_group/stratus-red-team-share-snap-vpc ""'],
      ['12:15:06', 'sql-instance/terraform-20230710121504061500000001 ""'],
      ['12:19:39', 'aws_db_snapshot/exfiltration []'],
      ['12:22:06', 'aws_db_snapshot/exfiltration ["193672423079"]'],
      ['12:28:24', 'aws_db_snapshot/exfiltration []'],
      ['12:28:38', 'gone: aws_db_snapshot/exfiltration'],
      ['12:28:39', 'gone: rds-instance/terraform-20230710121504061500000001'],
    ])
  })

  it('AWS 16: each step has its principal, tool and address, the two racing deletions included', () => {
    const activity = life().at(-1)?.activity ?? []
    expect(activity.map(({ operation, principal }) => [operation, principal.id])).toEqual([
      ['CreateDBSubnetGroup', 'bert-jan'],
      ['CreateDBInstance', 'bert-jan'],
      ['CreateDBSnapshot', 'bert-jan'],
      ['ModifyDBSnapshotAttribute', 'bert-jan'],
      ['ModifyDBSnapshotAttribute', 'bert-jan'],
      ['DeleteDBSnapshot', 'bert-jan'],
      ['DeleteDBInstance', 'bert-jan'],
      ['DeleteDBInstance', 'bert-jan'],
    ])
    expect(activity.slice(-2)).toMatchObject([
      {
        refused: 'InvalidDBInstanceStateFault',
        sourceAddress: '192.168.10.20',
        tool: expect.stringContaining('Terraform'),
      },
      { sourceAddress: '10.8.8.10', tool: 'AWS Internal' },
    ])
    expect(activity.at(-1)).not.toHaveProperty('refused')
    expect(activity[3]?.tool).toContain('stratus-red-team')
  })

  it('AWS 16: imports as the life of a database, with who is behind each change of it', async () => {
    const store = inMemoryEventStore()
    const ledger = openLedger({ store })
    const by = { actor: user('ada') }
    const incident = await ledger.createEnvironment({ name: 'incident', type: 'development' }, by)
    const readings = life().map((reading, index) => ({
      ...reading,
      source: { name: `step ${index + 1}`, digest: String(index).padStart(64, '0') },
    }))
    const results = await incident.importObservations(readings, by)
    expect(results.map(({ imported }) => imported)).toEqual([1, 1, 1, 0, 0, 0, 0])

    const snapshot = 'aws_db_snapshot/exfiltration'
    const sharing = async (version: number): Promise<unknown> =>
      (await incident.graph({ at: version })).node(snapshot)?.properties['shared_accounts']
    const versions = (await incident.history(snapshot)).map(({ graphVersion }) => graphVersion)
    expect(await Promise.all(versions.map(sharing))).toEqual([[], ['193672423079'], []])
    const shared = await incident.why(snapshot, 'shared_accounts')
    expect(shared.drift).toMatchObject({
      attribution: { type: 'user', id: 'bert-jan' },
      activity: { operation: 'ModifyDBSnapshotAttribute', tool: expect.stringContaining('stratus-red-team') },
    })
    const database = (await incident.graph()).nodes({ kind: 'sql-instance' })
    expect(
      database.map(({ properties }) => [properties['backup.retentionDays'], properties['encryption.atRest']]),
    ).toEqual([[0, false]])
    const { missing } = await incident.drift()
    expect(missing.map(({ node }) => node).toSorted()).toEqual([snapshot, database[0]?.id])
    const told: { operation: string; refused?: string; tool: string }[] = []
    for await (const { data } of store.readAll({ types: ['ActivityObserved'] })) told.push(JSON.parse(data).activity)
    expect(told.filter(({ operation }) => operation === 'DeleteDBInstance')).toMatchObject([
      { refused: 'InvalidDBInstanceStateFault', tool: expect.stringContaining('Terraform') },
      { tool: 'AWS Internal' },
    ])
    await ledger.close()
  })
})

describe('an older record', () => {
  it('AWS 16: of the year 2016 is read, too', () => {
    const [reading] = readCloudTrail(
      `[${textOf('cloud-custodian-config-and-cloudtrail/cwe/event-cloud-trail-create-db.json')}]`,
      { name: 'create-db' },
    )
    expect(reading?.observations).toMatchObject([
      {
        kind: 'sql-instance',
        ref: { name: 'onenessdb', id: 'db-7WHDN5VYHL4Q4ZXXM6CSILMFOM' },
        properties: { engine: 'mysql', 'storage.gib': 5 },
      },
    ])
  })
})
