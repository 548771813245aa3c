import { describe, expect, it } from 'vitest'
import { read, refusal, resource, stateText } from '../state.fixture.ts'
import { fingerprint } from '../state.fixture.ts'
import { planText, readChange, readPlan, resourceChange } from './plan.fixture.ts'
import { readTerraformPlan } from './read-terraform-plan.ts'

const refused = (text: string) => refusal(() => readTerraformPlan(text, { name: 'plan.json', fingerprint }))
const bucket = { id: 'b', arn: 'arn:aws:s3:::b', region: 'eu-west-1', tags: { team: 'core' } }

describe('what is no plan', () => {
  it.each([
    ['a state', stateText([]), /a state, not a plan.*import terraform/],
    ['a state that show -json printed', '{"format_version":"1.0","values":{}}', /show -json/],
    ['the binary plan', 'PK\u0003\u0004plan', /binary plan/],
    ['another format', planText([], { format_version: '2.0' }), /format_version: is "2.0".*newer version/],
    ['a format before secrets were marked', planText([], { format_version: '0.2' }), /1\.0 or older/],
    ['what Terraform could not plan', planText([], { errored: true }), /errored: is true/],
    ['a log', '{"@level":"info","@message":"Plan to update"}\n{"@level":"info"}', /log/],
    ['an encrypted plan', '{"encrypted_data":"x"}', /encrypted/],
    ['something else', '[1]', /no JSON object/],
    ['nothing', '', /plan\.json/],
    ['what is cut off', planText([]).slice(0, -3), /line 1/],
  ])('EXTERNAL 1: %s is refused, saying what it is and what to do', (_, text, message) => {
    const error = refused(text)
    expect(error.code).toBe('input-invalid')
    expect(error.message).toMatch(message)
  })

  it('EXTERNAL 1: what has the wrong form is refused with address and field', () => {
    const wrong = {
      ...resourceChange('aws_s3_bucket.b', { actions: ['create'], after: bucket }),
      change: { actions: [] },
    }
    expect(refused(planText([wrong])).message).toContain('aws_s3_bucket.b.change.actions')
    const noObject = resourceChange('aws_s3_bucket.b', { actions: ['create'], after: ['x'] })
    expect(refused(planText([noObject])).message).toContain('aws_s3_bucket.b.change.after: must be an object')
    const unknown = resourceChange('aws_s3_bucket.b', { actions: ['sell'], after: bucket })
    expect(refused(planText([unknown])).message).toContain('does sell')
    const twice = resourceChange('aws_s3_bucket.b', { actions: ['create'], after: bucket })
    expect(refused(planText([twice, twice])).message).toContain('aws_s3_bucket.b: is there twice')
    expect(refused(planText([{ address: 7 }])).message).toContain('resource_changes[0]')
  })

  it('EXTERNAL 1: numbers and depths that no ledger holds are refused', () => {
    const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)])
    const change = resourceChange('aws_x.y', { actions: ['create'], after: { value: deep(40) } })
    expect(refused(planText([change])).message).toContain('aws_x.y.value')
    const huge = resourceChange('aws_x.y', { actions: ['create'], after: { value: 'x'.repeat(300_000) } })
    expect(refused(planText([huge])).code).toBe('property-value-too-large')
    const long = planText([resourceChange('aws_x.y', { actions: ['create'], after: { value: 0 } })])
    const exact = readTerraformPlan(long.replace('"value":0', '"value":12345678901234567890'), {
      name: 'p',
      fingerprint,
    })
    expect(exact.changes[0]?.properties).toEqual([{ property: 'value', after: '12345678901234567890' }])
  })
})

describe('what a plan says', () => {
  it('EXTERNAL 2: tool, name, digest, time and completeness', () => {
    expect(readPlan([], { resource_drift: [{}], deferred_changes: [{}] })).toMatchObject({
      tool: { name: 'terraform', version: '1.9.0' },
      name: 'plan.json',
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      madeAt: '2026-03-01T10:00:00.000Z',
      complete: false,
      drifted: 1,
      changes: [],
    })
  })

  it.each([
    [['no-op'], 'no-op'],
    [['create'], 'create'],
    [['read'], 'read'],
    [['update'], 'update'],
    [['delete'], 'remove'],
    [['delete', 'create'], 'replace'],
    [['create', 'delete'], 'replace'],
    [['create', 'forget'], 'replace'],
    [['forget'], 'forget'],
  ])('EXTERNAL 2: %j is %s', (actions, action) => {
    expect(readChange('aws_s3_bucket.b', { actions, before: bucket, after: bucket })).toMatchObject({ action })
  })

  it('EXTERNAL 2: import blocks, moves, deposed objects and keys of for_each have the names that a state gives them', () => {
    const imported = readChange('aws_s3_bucket.b', {
      actions: ['no-op'],
      before: bucket,
      after: bucket,
      importing: { id: 'b' },
    })
    expect(imported).toMatchObject({ action: 'import', properties: [] })
    const moved = readChange('aws_s3_bucket.b', {
      actions: ['no-op'],
      before: bucket,
      after: bucket,
      previous_address: 'aws_s3_bucket.a',
    })
    expect(moved).toMatchObject({ action: 'no-op', previousAddress: 'aws_s3_bucket.a' })
    const deposed = readChange('aws_s3_bucket.b', { actions: ['delete'], before: bucket, deposed: 'abc' })
    expect(deposed.address).toBe('aws_s3_bucket.b (deposed abc)')

    const keyed = {
      module_address: 'module.app["eu"]',
      index: 'a b',
      actions: ['update'],
      before: bucket,
      after: bucket,
    }
    const change = readChange('aws_s3_bucket.b', keyed)
    const state = read([
      resource('aws_s3_bucket.b', [{ index_key: 'a b', attributes: bucket }], { module: 'module.app["eu"]' }),
    ])
    const [node] = state.nodes
    expect(change).toMatchObject({ address: node?.address, kind: node?.kind, key: node?.key, ref: node?.ref })
    expect(change.address).toBe('module.app["eu"].aws_s3_bucket.b["a b"]')
  })

  it('EXTERNAL 2: data sources are left out', () => {
    expect(readPlan([resourceChange('aws_ami.x', { actions: ['read'], mode: 'data' })]).changes).toEqual([])
  })

  it('EXTERNAL 2: what is planned has the names and values of what is imported after', () => {
    const attributes = (retention: number) => ({
      identifier: 'main',
      arn: 'arn:aws:rds:eu-west-1:123456789012:db:main',
      resource_id: 'db-MAIN',
      engine: 'postgres',
      engine_version: '15',
      engine_version_actual: '15.4',
      backup_retention_period: retention,
      multi_az: true,
      tags: { team: 'core' },
      tags_all: { team: 'core', owner: 'x' },
    })
    const change = readChange('aws_db_instance.main', {
      actions: ['update'],
      before: attributes(7),
      after: attributes(14),
    })
    expect(change).toMatchObject({ kind: 'sql-instance', key: 'main', ref: { id: 'db-MAIN' }, unknown: [] })
    expect(change.properties).toEqual([{ property: 'backup.retentionDays', before: 7, after: 14 }])
    const created = readChange('aws_db_instance.main', { actions: ['create'], after: attributes(7) })
    const [node] = read([resource('aws_db_instance.main', [{ attributes: attributes(7) }])]).nodes
    expect(Object.fromEntries(created.properties.map(({ property, after }) => [property, after]))).toEqual(
      node?.properties,
    )
  })
})

describe('what only the execution tells', () => {
  it('EXTERNAL 4: whole attributes, members of maps and parts of lists are unknown under the names of the state', () => {
    const before = { id: 'x', tags: { a: '1' }, rules: [{ port: 1 }] }
    const after = { id: 'x', tags: { a: '2' }, rules: [{ port: 1 }] }
    const unknown = { arn: true, tags: { b: true }, rules: [{ id: true }] }
    const change = readChange('aws_thing.x', { actions: ['update'], before, after, after_unknown: unknown })
    expect(change.unknown).toEqual(['arn', 'arn[*]', 'rules', 'rules[*]', 'tags["b"]'])
    expect(change.properties).toEqual([{ property: 'tags["a"]', before: '1', after: '2' }])
  })

  it('EXTERNAL 4: an exact version that is not asked for is unknown, one that is asked for is told', () => {
    const before = {
      engine: 'postgres',
      engine_version: '15',
      engine_version_actual: '15.4',
      tags_all: { a: '1', b: '1' },
    }
    const after = { engine: 'postgres', engine_version: '15', tags: { a: '1' } }
    const unknown = { engine_version_actual: true, tags_all: true }
    const same = readChange('aws_db_instance.x', { actions: ['update'], before, after, after_unknown: unknown })
    expect(same.unknown).toEqual(expect.arrayContaining(['engineVersion', 'labels[*]']))
    expect(same.properties).toEqual([])
    const asked = readChange('aws_db_instance.x', {
      actions: ['update'],
      before,
      after: { ...after, engine_version: '16' },
      after_unknown: unknown,
    })
    expect(asked.properties).toEqual([{ property: 'engineVersion', before: '15.4', after: '16' }])
    expect(asked.unknown).not.toContain('engineVersion')
  })
})

describe('secrets', () => {
  const marked = { actions: ['update'], before_sensitive: { pin: true }, after_sensitive: { nested: [{ code: true }] } }
  const text = planText([
    resourceChange('aws_x.y', {
      ...marked,
      before: { pin: 'four-four', nested: [{ code: 'seven' }], password: 'hunter2' },
      after: { pin: 'five-five', nested: [{ code: 'eight' }], password: 'hunter3', __proto__: 1 },
    }),
    resourceChange('aws_x.z', { actions: ['create'], after: { a: 'nine-nine' }, after_sensitive: true }),
    resourceChange('aws_x.w', {
      actions: ['create'],
      after: { map: { a: 'ten-ten' } },
      after_sensitive: { map: true },
    }),
  ])

  it('EXTERNAL 3: what either side marks, or is known to be secret, comes out as a fingerprint only', () => {
    const plan = readTerraformPlan(text, { name: 'plan.json', fingerprint })
    const said = JSON.stringify(plan)
    for (const secret of ['four-four', 'five-five', 'seven', 'eight', 'hunter', 'nine-nine', 'ten-ten'])
      expect(said).not.toContain(secret)
    expect(plan.changes[0]?.properties.map(({ property }) => property).toSorted()).toEqual([
      'nested',
      'password',
      'pin',
    ])
  })

  it('EXTERNAL 3: a secret of a plan is the same as that of the state', () => {
    const [node] = read([resource('aws_db_instance.x', [{ attributes: { password: 'hunter3' } }])]).nodes
    const change = readChange('aws_db_instance.x', {
      actions: ['create'],
      after: { password: 'hunter3' },
      after_sensitive: { password: true },
    })
    expect(change.properties).toEqual([{ property: 'masterPassword', after: node?.properties['masterPassword'] }])
  })

  it('EXTERNAL 3: a member named as a prototype is a member', () => {
    const hostile = planText([resourceChange('aws_x.y', { actions: ['create'], after: { a: 1 } })]).replace(
      '{"a":1}',
      '{"__proto__":{"polluted":1},"constructor":"x"}',
    )
    const plan = readTerraformPlan(hostile, { name: 'plan.json', fingerprint })
    expect(plan.changes[0]?.properties.map(({ property }) => property)).toEqual([
      '__proto__["polluted"]',
      'constructor',
    ])
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })
})
