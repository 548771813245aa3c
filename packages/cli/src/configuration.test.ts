import { describe, expect, it } from 'vitest'
import { importedShop } from './command-line.fixture.ts'

/** A cloud in plain JavaScript, in which the database of the shop has other backups than the ledger knows. */
const CLOUD = `
const ref = { provider: 'aws', account: '111122223333', region: 'eu-west-1', type: 'rds-instance', name: 'main', id: 'db-ABCDEFGHIJKL' }
const main = { ref, kind: 'sql-instance', properties: { 'backup.retentionDays': 1 }, volatile: [], completeMaps: [], deferred: {}, status: 'available', settled: true }
const cloud = {
  name: 'aws',
  capabilities: (kind) => (kind === 'sql-instance' ? { refType: 'rds-instance', impact: {}, renamable: true, restoreInPlace: false, lastCopy: 'none' } : undefined),
  async *observe(refs) { yield { found: refs.filter(({ name }) => name === 'main').map(() => main), missing: [], failed: refs.filter(({ name }) => name !== 'main').map((ref) => ({ ref, reason: 'not served' })) } },
  async *discover() { yield { found: [], missing: [], failed: [] } },
}
`

describe('the configuration', () => {
  it('CLI 17: reconcile asks the clouds that infraledger.config exports, and shows what drifted', async () => {
    const cli = await importedShop()
    await cli.write('infraledger.config.mjs', `${CLOUD}export const config = { clouds: [cloud] }\n`)
    const { code, stdout, stderr } = await cli.run(['reconcile', '--detailed-exitcode'])
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' })
    expect(stdout).toMatch(
      /^prod: 1 resource\n {2}NODE .*\n {2}sql-instance\/main +backup\.retentionDays +14 → 1 +adopted +default\n/,
    )
  })

  it('CLI 17: names the ledger, from where it lies; --ledger and the environment variable come first', async () => {
    const cli = await importedShop()
    await cli.write('infraledger.config.mjs', `export default { ledger: './elsewhere.db' }\n`)
    expect((await cli.run(['graph'])).stderr).toContain('elsewhere.db')
    expect((await cli.run(['graph', '--ledger', 'infra.db'])).code).toBe(0)
    expect((await cli.run(['graph'], { env: { INFRALEDGER_LEDGER: 'infra.db' } })).code).toBe(0)
  })

  it.each([
    ['export const config = 7\n', 'export the configuration'],
    ['export const config = { legder: "x" }\n', '"legder" is no setting'],
    ['export const config = { clouds: {} }\n', 'clouds is not a list'],
    ['export const config = \n', 'infraledger.config.mjs cannot be used'],
  ])('CLI 17: refuses %j, and says what is wrong', async (content, problem) => {
    const cli = await importedShop()
    await cli.write('infraledger.config.mjs', content)
    const { code, stderr } = await cli.run(['graph'])
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(problem) })
  })

  it('CLI 17: refuses one that is named and not there, and reconcile without a cloud', async () => {
    const cli = await importedShop()
    expect((await cli.run(['graph', '--config', 'none.ts'])).stderr).toContain('it is not there')
    expect((await cli.run(['reconcile', '--json'])).stderr).toContain('"cloud-missing"')
  })
})
