import { globSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { commandLine } from './command-line.fixture.ts'

const inputs = fileURLToPath(new URL('../../../../shared/real-inputs', import.meta.url))
const states = globSync(`${inputs}/driftctl-tfstates/**/*.tfstate`).toSorted()
const recordings = globSync(`${inputs}/cloud-custodian-rds-recordings/*/rds.DescribeDBInstances_2.json`)
  .toSorted()
  .map(dirname)

/**
 * What differs between the readings of each recording, read off them by eye. While RDS says that an instance is changing, nothing is
 * decided about it.
 */
const DRIFT: Readonly<Record<string, readonly string[]>> = {
  test_rds_add_security_group: [
    'sql-instance/test-sg-fail | provider.vpc_security_group_ids | ["sg-7a3fcb13"] → ["sg-6360920a","sg-7a3fcb13"] | adopted | default',
    'sql-instance/test-sg-fail-ca-central-1a | provider.vpc_security_group_ids | ["sg-7a3fcb13"] → ["sg-6360920a","sg-7a3fcb13"] | adopted | default',
  ],
  test_rds_delete_copy_restore: ['undecided: sql-instance/mxtest: not settled: deleting'],
  test_rds_modify_db_enable_cloudwatch: [
    'sql-instance/database-2 | provider.enabled_cloudwatch_logs_exports | ["general","slowquery"] → ["error","general","slowquery"] | adopted | default',
  ],
  test_rds_modify_db_enable_perfinsights: [
    'sql-instance/database-4 | provider.performance_insights_enabled | false → true | adopted | default',
  ],
  test_rds_public_accessible_disable: [
    'missing: sql-instance/c7n-data-index',
    'undecided: sql-instance/c7n-test-pa: not settled: modifying',
  ],
  test_rds_resize_up_asynchronously: [
    'undecided: sql-instance/test-43080087-49aa-49b0-9ea8-d402071c55e1: not settled: creating',
    'sql-instance/test-89ff0267-af30-42cb-a8a5-4590c22ec071 | maintenance.window | "tue:13:25-tue:13:55" → "thu:11:40-thu:12:40" | adopted | default',
    'sql-instance/test-89ff0267-af30-42cb-a8a5-4590c22ec071 | storage.gib | 5 → 6 | adopted | growth',
    'missing: sql-instance/test-43080087-49aa-49b0-9ea8-d402071c55e1',
  ],
  test_rds_resize_up_immediately: [
    'sql-instance/test-f4ec4778-e377-4b1f-b970-b7b3a6d46e7f | storage.gib | 5 → 6 | adopted | growth',
    'missing: sql-instance/test-43080087-49aa-49b0-9ea8-d402071c55e1',
  ],
  test_rds_sg_add_by_tag: ['undecided: sql-instance/database-1: not settled: modifying'],
  test_rds_snapshot_copy_tags_disable: [
    'sql-instance/mydbinstance | provider.copy_tags_to_snapshot | true → false | adopted | default',
  ],
  test_rds_snapshot_copy_tags_enable: [
    'sql-instance/mydbinstance | provider.copy_tags_to_snapshot | false → true | adopted | default',
  ],
  test_rds_start: [
    'undecided: sql-instance/rds-test-instance-1: not settled: stopping',
    'missing: sql-instance/rds-test-instance-1',
    'undecided: sql-instance/rds-test-instance-2: not settled: starting',
  ],
  test_rds_stop: [
    'missing: sql-instance/rds-test-instance-2',
    'undecided: sql-instance/rds-test-instance-1: not settled: stopping',
  ],
}

describe('real inputs', () => {
  it('CLI 5: all Terraform states of driftctl go into one ledger, each into an environment of its own, and it verifies', async () => {
    const cli = await commandLine()
    expect(states.length).toBeGreaterThan(90)
    let resources = 0
    for (const file of states) {
      const environment = basename(dirname(file)).toLowerCase()
      const imported = (await cli.json(['import', 'terraform', file, '--env', environment, '--as', 'ada'])) as {
        readonly imports: readonly { readonly recorded: number }[]
      }
      const { resources: given } = JSON.parse(readFileSync(file, 'utf8')) as {
        readonly resources: readonly { readonly mode: string; readonly instances: readonly unknown[] }[]
      }
      const expected = given
        .filter(({ mode }) => mode === 'managed')
        .reduce((sum, { instances }) => sum + instances.length, 0)
      expect({ environment, recorded: imported.imports[0]?.recorded }).toEqual({ environment, recorded: expected })
      resources += expected
    }
    expect(resources).toBe(164)
    expect(await cli.json(['verify'])).toMatchObject({ intact: true })
    expect((await cli.json(['environments'])) as readonly unknown[]).toHaveLength(states.length)
    // The fixture's own password, which aws_db_instance holds in clear.
    expect((await cli.bytes('infra.db')).includes('foobarbaz')).toBe(false)
  })

  it('CLI 9: the readings of RDS show the drift that happened between them, and nothing else', async () => {
    const shown: Record<string, readonly string[]> = {}
    for (const folder of recordings) {
      const cli = await commandLine()
      const files = globSync(`${folder}/rds.DescribeDBInstances_*.json`).toSorted()
      const { code, stdout } = await cli.run([
        'import',
        'rds',
        ...files,
        '--env',
        'prod',
        '--as',
        'ada',
        '--detailed-exitcode',
      ])
      const lines = stdout
        .split('\n')
        .filter((line) => /→.*(adopted|suppressed|enforced|ignored)|missing:|undecided:/.test(line))
      const isDrift = lines.some((line) => !line.includes('undecided:'))
      expect({ folder, code }).toEqual({ folder, code: isDrift ? 2 : 0 })
      shown[basename(folder)] = lines.map((line) => line.trim().replaceAll(/ {2,}/g, ' | '))
    }
    expect(shown).toEqual(DRIFT)
  })
})
