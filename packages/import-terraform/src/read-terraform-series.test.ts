import { describe, expect, it } from 'vitest'
import { readTerraformSeries } from './read-terraform-series.ts'
import { fingerprint, refusal, resource, stateText } from './state.fixture.ts'

const file = (lineage: string, serial: number, more: object = {}) => ({
  name: `${lineage}-${serial}.tfstate`,
  text: stateText([], { lineage, serial, ...more }),
})
const order = (files: readonly { name: string; text: string }[]) =>
  readTerraformSeries(files, { fingerprint }).map(({ lineage, graphs }) => [
    lineage,
    graphs.map((graph) => graph.source.serial),
  ])

describe('a series', () => {
  it('IMPORT 16: is the states of one lineage by serial, however they are given', () => {
    expect(order([file('b', 3), file('a', 10), file('b', 1), file('a', 9)])).toEqual([
      ['b', [1, 3]],
      ['a', [9, 10]],
    ])
  })

  it('IMPORT 16: counts the same content once', () => {
    expect(order([file('a', 1), { ...file('a', 1), name: 'copy' }])).toEqual([['a', [1]]])
  })

  it('IMPORT 16: keeps states without lineage apart', () => {
    expect(order([file('', 1), file('', 2)])).toEqual([
      [undefined, [1]],
      [undefined, [2]],
    ])
  })

  it('IMPORT 16: refuses two contents with one lineage and serial, naming both', () => {
    const other = { name: 'other.tfstate', text: stateText([resource('aws_x.y', [{}])], { lineage: 'a', serial: 1 }) }
    const error = refusal(() => order([file('a', 1), other]))
    expect(error.code).toBe('input-invalid')
    expect(error.message).toMatch(/a-1\.tfstate and other\.tfstate both are serial 1 of lineage a/)
  })

  it('IMPORT 16: keeps the time given for each file', () => {
    const [series] = readTerraformSeries([{ ...file('a', 1), effectiveAt: '2026-01-01T00:00:00Z' }], { fingerprint })
    expect(series?.graphs[0]?.effectiveAt).toBe('2026-01-01T00:00:00Z')
  })
})
