import { describe, expect, it } from 'vitest'
import { readTerraformState } from './read-terraform-state.ts'
import { fingerprint, read, refusal, resource, stateText } from './state.fixture.ts'

function refused(text: string) {
  return refusal(() => readTerraformState(text, { name: 'prod.tfstate', fingerprint }))
}

describe('limits', () => {
  it('IMPORT 17: refuses a value that no ledger keeps, naming address and attribute', () => {
    const error = refused(stateText([resource('aws_x.y', [{ attributes: { body: 'x'.repeat(256 * 1024) } }])]))
    expect(error.code).toBe('property-value-too-large')
    expect(error.details).toEqual({ property: 'aws_x.y.body', bytes: 262_146, limitBytes: 262_144 })
  })

  it('IMPORT 17: counts bytes as a ledger stores them', () => {
    expect(refused(stateText([resource('aws_x.y', [{ attributes: { body: ['"'.repeat(131_072)] } }])])).code).toBe(
      'property-value-too-large',
    )
    expect(read([resource('aws_x.y', [{ attributes: { body: 'x'.repeat(262_142) } }])]).nodes).toHaveLength(1)
  })

  it('IMPORT 17: refuses nesting that no ledger keeps, however deep', () => {
    const text = stateText([resource('aws_x.y', [{ attributes: { deep: 'HERE' } }])]).replace(
      '"HERE"',
      '['.repeat(100_000) + ']'.repeat(100_000),
    )
    expect(refused(text).details).toMatchObject({
      issues: [{ path: 'aws_x.y.deep', problem: 'nested deeper than 30 levels' }],
    })
  })

  it('IMPORT 17: refuses a number beyond a double', () => {
    const text = stateText([resource('aws_x.y', [{ attributes: { big: 0 } }])]).replace('"big":0', '"big":1e999')
    expect(refused(text).details).toMatchObject({ issues: [{ path: 'aws_x.y.big' }] })
  })

  it('IMPORT 17: refuses more instances than a ledger takes, before reading them', () => {
    const one = JSON.stringify({ index_key: 0 })
    const text = stateText([resource('aws_x.y', [{ marker: 1 }])]).replace(
      JSON.stringify([{ schema_version: 0, marker: 1 }]),
      `[${one}${`,${one}`.repeat(250_000)}]`,
    )
    expect(refused(text).details).toMatchObject({
      issues: [{ path: 'resources', problem: 'more than 250000 instances' }],
    })
  })

  it('IMPORT 17: refuses an address that no ledger keeps', () => {
    expect(refused(stateText([resource('aws_x.y', [{ index_key: 'k'.repeat(2_000) }])])).message).toMatch(
      /1024 characters/,
    )
  })

  it('IMPORT 17: reads 10,000 instances in about a second', () => {
    const dependencies = ['aws_x.base']
    const attributes = {
      arn: 'arn:aws:x:eu-west-1:1:x/y',
      tags: { team: 'core' },
      policy: '{"Statement":[]}',
      rules: [{ port: 443 }],
    }
    const many = Array.from({ length: 10_000 }, (_, key) => ({
      index_key: key,
      attributes: { ...attributes, id: `${key}` },
      dependencies,
    }))
    const text = stateText([resource('aws_x.base', [{}]), resource('aws_x.many', many)])
    const started = performance.now()
    const graph = readTerraformState(text, { name: 's', fingerprint })
    // Far above what it takes, so that a busy machine does not fail it, and far below what a quadratic step would take.
    expect(performance.now() - started).toBeLessThan(8_000)
    expect([graph.nodes.length, graph.edges.length]).toEqual([10_001, 10_000])
  })
})
