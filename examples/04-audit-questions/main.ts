// Questions that auditors ask, answered from a script: here over two Terraform states of the same estate.
import { inMemoryEventStore, openLedger, user, withoutFingerprint } from '@infraledger/core'
import { readTerraformSeries } from '@infraledger/import-terraform'

const state = (serial: number, retention: number, publiclyAccessible: boolean): string =>
  JSON.stringify({
    version: 4,
    terraform_version: '1.9.0',
    serial,
    lineage: '0e9d2f61-0000-4000-8000-000000000001',
    outputs: {},
    resources: [
      {
        mode: 'managed',
        type: 'aws_db_instance',
        name: 'orders',
        provider: 'provider["registry.terraform.io/hashicorp/aws"]',
        instances: [
          {
            schema_version: 2,
            attributes: {
              arn: 'arn:aws:rds:eu-west-1:123456789012:db:orders',
              id: 'db-ORDERS',
              identifier: 'orders',
              resource_id: 'db-ORDERS',
              engine: 'postgres',
              engine_version: '16.3',
              instance_class: 'db.m6g.large',
              allocated_storage: 100,
              multi_az: true,
              backup_retention_period: retention,
              publicly_accessible: publiclyAccessible,
              password: 'not-for-the-ledger',
              tags: { team: 'checkout' },
            },
            sensitive_attributes: [],
          },
        ],
      },
    ],
  })

const ledger = openLedger({ store: inMemoryEventStore() })
const prod = await ledger.createEnvironment({ name: 'prod', type: 'production' }, { actor: user('ada') })

const files = [
  { name: '2026-01.tfstate', text: state(11, 7, false), effectiveAt: '2026-01-31T00:00:00Z' },
  { name: '2026-02.tfstate', text: state(12, 1, true), effectiveAt: '2026-02-28T00:00:00Z' },
]
for (const { graphs } of readTerraformSeries(files, { fingerprint: withoutFingerprint })) {
  for (const graph of graphs) {
    const report = await prod.import(graph, { actor: user('ada') })
    console.log(`${graph.source.name}: graph version ${report.graphVersion}`)
  }
}

console.log('\nWhat changed between the two?')
const { nodes } = await prod.diff({ from: 1, to: 2 })
for (const { node, properties } of nodes) {
  for (const { property, from, to } of properties)
    console.log(`  ${node} ${property}: ${JSON.stringify(from)} → ${JSON.stringify(to)}`)
}

console.log('\nSince when is the database public, as far as anybody can tell?')
const { value, effective, import: source } = await prod.why('sql-instance/orders', 'network.publicAccess')
console.log(
  `  ${JSON.stringify(value)}, ${effective.certain ? 'since' : 'at the latest since'} ${effective.from}, by ${source?.source.name}`,
)

console.log('\nWhat was so in the world on 10 February?')
const then = (await prod.graph({ effectiveAt: new Date('2026-02-10T00:00:00Z') })).node('sql-instance/orders')
console.log(
  `  retention ${then?.properties['backup.retentionDays']} days, public ${then?.properties['network.publicAccess']}`,
)

console.log('\nWhich databases keep less than a week of backups?')
for (const { id, properties } of (await prod.graph()).nodes({ kind: 'sql-instance' })) {
  if ((properties['backup.retentionDays'] ?? 0) < 7) console.log(`  ${id}: ${properties['backup.retentionDays']} day`)
}

console.log('\nHas anybody touched the record?')
const verification = await ledger.verify()
console.log(verification.intact ? `  no: ${verification.events} events verify` : '  yes')
await ledger.close()
