import { describe, expect, it } from 'vitest'
import { edgesOf, read, resource } from '../state.fixture.ts'

const node = (address: string, dependencies: readonly string[] = [], more: object = {}) =>
  resource(address, [{ attributes: {}, dependencies }], more)

describe('dependencies', () => {
  it('IMPORT 11: become edges to what is in the state; data sources and what is missing are dropped', () => {
    const graph = read([
      node('aws_a.a'),
      node('aws_d.d', [], { mode: 'data' }),
      node('aws_b.b', ['aws_a.a', 'data.aws_d.d', 'aws_gone.x', 'aws_b.b']),
    ])
    expect(graph.edges).toEqual([{ kind: 'depends-on', from: 'aws_b.b', to: 'aws_a.a' }])
  })

  it('IMPORT 11: without instance key mean all instances', () => {
    const graph = read([resource('aws_a.a', [{ index_key: 0 }, { index_key: 'x' }]), node('aws_b.b', ['aws_a.a'])])
    expect(edgesOf(graph)).toEqual(['aws_b.b -> aws_a.a["x"]', 'aws_b.b -> aws_a.a[0]'])
  })

  it('IMPORT 11: inside one instance of a module mean that instance', () => {
    const inModule = (key: string) => [
      node('aws_a.a', [], { module: `module.m["${key}"]` }),
      node('aws_b.b', ['module.m.aws_a.a'], { module: `module.m["${key}"].module.n` }),
    ]
    const graph = read([...inModule('x'), ...inModule('y'), node('aws_c.c', ['module.m.aws_a.a'])])
    expect(edgesOf(graph)).toEqual([
      'aws_c.c -> module.m["x"].aws_a.a',
      'aws_c.c -> module.m["y"].aws_a.a',
      'module.m["x"].module.n.aws_b.b -> module.m["x"].aws_a.a',
      'module.m["y"].module.n.aws_b.b -> module.m["y"].aws_a.a',
    ])
  })

  it('IMPORT 11: of states before 0.12.14 are names within the module', () => {
    const more = { module: 'module.m' }
    const old = resource('aws_b.b', [{ attributes: {}, depends_on: ['aws_a.a', 'var.x', 'local.y'] }], more)
    expect(edgesOf(read([node('aws_a.a'), node('aws_a.a', [], more), old]))).toEqual([
      'module.m.aws_b.b -> module.m.aws_a.a',
    ])
  })

  it('IMPORT 12: drop ancestors that another dependency lists', () => {
    const graph = read([
      node('aws_a.a'),
      node('aws_b.b', ['aws_a.a']),
      node('aws_c.c', ['aws_a.a', 'aws_b.b']),
      node('aws_e.e', ['aws_a.a']),
      node('aws_d.d', ['aws_a.a', 'aws_b.b', 'aws_c.c', 'aws_e.e']),
    ])
    expect(edgesOf(graph)).toEqual([
      'aws_b.b -> aws_a.a',
      'aws_c.c -> aws_b.b',
      'aws_d.d -> aws_c.c',
      'aws_d.d -> aws_e.e',
      'aws_e.e -> aws_a.a',
    ])
  })

  it('IMPORT 12: of a chain of 1,000 that lists all ancestors become 999 edges at once', () => {
    const names = Array.from({ length: 1_000 }, (_, position) => `aws_x.n${position}`)
    const started = performance.now()
    const graph = read(names.map((name, position) => node(name, names.slice(0, position))))
    expect(performance.now() - started).toBeLessThan(5_000)
    expect(graph.edges).toHaveLength(999)
    expect(graph.edges.at(-1)).toMatchObject({ from: 'aws_x.n999', to: 'aws_x.n998' })
  })

  it('IMPORT 12: in a cycle stay a cycle, for the ledger to refuse', () => {
    const graph = read([
      node('aws_a.a', ['aws_b.b', 'aws_c.c']),
      node('aws_b.b', ['aws_a.a', 'aws_c.c']),
      node('aws_c.c', ['aws_a.a', 'aws_b.b']),
    ])
    const next = new Map(graph.edges.map(({ from, to }) => [from, to]))
    const walked = ['aws_a.a']
    while (walked.length < 4) walked.push(next.get(walked.at(-1) ?? '') ?? 'nowhere')
    expect(walked).not.toContain('nowhere')
  })

  it('IMPORT 12: between two resources of thousands of instances link those with the same key', () => {
    const many = (dependencies: readonly string[]) =>
      Array.from({ length: 1_000 }, (_, key) => ({ index_key: key, dependencies }))
    const graph = read([
      resource('aws_a.a', many([])),
      resource('aws_b.b', many(['aws_a.a'])),
      node('aws_c.c', ['aws_b.b']),
    ])
    expect(graph.edges).toHaveLength(2_000)
    expect(graph.edges[7]).toMatchObject({ from: 'aws_b.b[7]', to: 'aws_a.a[7]' })
  })
})
