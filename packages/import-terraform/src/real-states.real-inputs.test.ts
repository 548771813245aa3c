import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readTerraformState } from './read-terraform-state.ts'
import { edgesOf, fingerprint, refusal } from './state.fixture.ts'

const root = new URL('../../../../shared/real-inputs/', import.meta.url)
const filesOf = (pattern: string): readonly string[] => globSync(pattern, { cwd: root }).toSorted()
const textOf = (file: string): string => readFileSync(new URL(file, root), 'utf8')
const read = (file: string) => readTerraformState(textOf(file), { name: file, fingerprint })

const recorded = filesOf('driftctl-tfstates/**/*.tfstate')
const isVersion4 = (file: string): boolean => /"version":\s*4\b/.test(textOf(file))

describe('states of real providers', () => {
  it('are there', () => {
    expect(recorded.filter(isVersion4).length).toBeGreaterThan(50)
  })

  it.each(recorded.filter(isVersion4))('IMPORT 5: every managed instance of %s becomes a node', (file) => {
    const state: { resources: { mode: string; instances: unknown[] }[] } = JSON.parse(textOf(file))
    const managed = state.resources
      .filter((resource) => resource.mode === 'managed')
      .flatMap((resource) => resource.instances)
    const graph = read(file)
    expect(graph.nodes).toHaveLength(managed.length)
    expect(new Set(graph.nodes.map((node) => node.address)).size).toBe(managed.length)
    const addresses = new Set(graph.nodes.map((node) => node.address))
    expect(graph.edges.filter(({ from, to }) => !addresses.has(from) || !addresses.has(to))).toEqual([])
  })

  it('IMPORT 1: states of other versions are refused', () => {
    for (const file of recorded.filter((name) => !isVersion4(name))) {
      expect(refusal(() => read(file)).code, file).toBe('import-unsupported')
    }
  })

  it('IMPORT 14: the passwords in the states come out as fingerprints only', () => {
    const passwords = recorded.flatMap((file) =>
      [...textOf(file).matchAll(/"(?:master_)?password":\s*"([^"]+)"/g)].map((found) => found[1]),
    )
    expect(passwords).toContain('foobarbaz')
    const result = JSON.stringify(recorded.filter(isVersion4).map(read))
    for (const password of passwords) expect(result).not.toContain(`"${password}"`)
    expect(result).not.toContain('foobarbaz')
  })

  it('IMPORT 8: the RDS and the Cloud SQL instance say the same things in the same words', () => {
    const instances = recorded
      .filter(isVersion4)
      .flatMap((file) => read(file).nodes.filter((node) => node.kind === 'sql-instance'))
    const [google, amazon] = instances.toSorted((a, b) => b.address.localeCompare(a.address))
    const expected = {
      engine: 'mysql',
      availability: 'zonal',
      'backup.retentionDays': 0,
      'backup.pointInTimeRecovery': false,
    }
    expect(amazon?.properties).toMatchObject({
      ...expected,
      engineVersion: '5.7.26',
      tier: 'db.t2.micro',
      'storage.gib': 20,
    })
    expect(google?.properties).toMatchObject({
      ...expected,
      engineVersion: '5.6',
      tier: 'db-f1-micro',
      'storage.gib': 10,
    })
  })
})

describe('states that OpenTofu proves its reader with', () => {
  const roundTrips = filesOf('opentofu-drift-plans/statefile-roundtrip/v4-*.tfstate')
  const states = roundTrips.filter((file) => textOf(file).trimStart().startsWith('{'))

  it.each(states)('IMPORT 5: %s imports', (file) => {
    expect(read(file).nodes.length).toBeGreaterThan(0)
  })

  it('IMPORT 11: names without module or instance reach what they mean', () => {
    const file = states.find((name) => name.endsWith('v4-modules.in.tfstate')) ?? ''
    expect(edgesOf(read(file))).toEqual([
      'module.modB.null_resource.bar["a"] -> module.modA.null_resource.resource',
      'module.modB.null_resource.bar["b"] -> module.modA.null_resource.resource',
    ])
  })

  it('IMPORT 1: the output of "tofu show -json" is refused', () => {
    const shown = filesOf('opentofu-drift-plans/*/state.json')
    expect(shown.length).toBeGreaterThan(0)
    for (const file of shown) expect(refusal(() => read(file)).code, file).toBe('import-unsupported')
  })
})
