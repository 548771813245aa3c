import { describe, expect, it } from 'vitest'
import { dot } from './dot.ts'
import { lookOf } from './look.ts'
import { mermaid } from './mermaid.ts'
import { table } from './table.ts'
import { plain, showValue } from './text.ts'

const wide = lookOf({ columns: undefined, colours: false })
const narrow = lookOf({ columns: 40, colours: false })
const columns = [{ heading: 'NODE' }, { heading: 'N', alignRight: true }, { heading: 'VALUE' }]

describe('text', () => {
  it('CLI 10: nothing in it commands the terminal or leaves its line', () => {
    expect(plain('a\u001B[31mb\r\nc\u009Bd\u202Ee')).toBe('a\\u001b[31mb\\u000d\\u000ac\\u009bd\\u202ee')
    expect(plain('größe 🚀 日本')).toBe('größe 🚀 日本')
  })

  it('shows values as JSON, long ones cut, and of secrets a fingerprint', () => {
    expect(showValue('7')).toBe('"7"')
    expect(showValue(7)).toBe('7')
    expect(showValue(undefined)).toBe('-')
    expect(showValue('x'.repeat(500))).toMatch(/^"x{199}… \(502 characters\)$/)
    expect(showValue({ $secret: { keyId: 'k', fingerprint: '0123456789abcdef' } })).toBe('secret 01234567')
    expect(showValue({ $secret: {} })).toBe('secret')
  })
})

describe('tables', () => {
  it('CLI 15: columns are aligned, wide characters included', () => {
    expect(
      table(
        columns,
        [
          ['日本', '1', 'a'],
          ['x', '100', 'b'],
        ],
        wide,
      ),
    ).toBe('NODE    N  VALUE\n日本    1  a\nx     100  b')
  })

  it('CLI 15: rows are whole where there is no terminal, and fit on its lines where there is one', () => {
    const rows = [['sql-instance/a-very-long-name-of-a-database', '1', 'and a value that is long as well']]
    expect(table(columns, rows, wide)).toContain('and a value that is long as well')
    const lines = table(columns, rows, narrow).split('\n')
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(40)
    expect(lines[1]).toContain('…')
  })

  it('CLI 15: where it is narrow, moments become days and go before what rows are known by is cut', () => {
    const dated = [
      { heading: 'NODE', narrow: 'keep' },
      { heading: 'N' },
      { heading: 'SINCE', narrow: 'moment' },
    ] as const
    const moment = '2026-03-01T14:02:00Z'
    expect(table(dated, [['bucket/a-long-name', '1', moment]], narrow)).toBe(
      'NODE                N  SINCE\nbucket/a-long-name  1  2026-03-01',
    )
    expect(table(dated, [['bucket/a-name-of-all-the-width', '1', moment]], narrow)).toBe(
      'NODE                            N\nbucket/a-name-of-all-the-width  1',
    )
  })

  it('CLI 15: where ids and sentences do not fit on a line, each row is a block, in which they are whole', () => {
    const told = [{ heading: 'WHAT', narrow: 'whole' }, { heading: 'ID', narrow: 'whole' }, { heading: 'BY' }] as const
    const rows = [
      ['deletion protection is off, and anybody can delete it', '01a20735-0e5c-7403-96fc-ec1b4306bd93', 'ada'],
      ['fine', '01a20735-0e5c-7403-96fc-ec1b4306bd94', ''],
    ]
    expect(table(told, rows, narrow)).toBe(
      [
        'WHAT  deletion protection is off, and',
        '      anybody can delete it',
        'ID    01a20735-0e5c-7403-96fc-ec1b4306bd93',
        'BY    ada',
        '',
        'WHAT  fine',
        'ID    01a20735-0e5c-7403-96fc-ec1b4306bd94',
      ].join('\n'),
    )
    expect(table(told, rows, wide).split('\n')).toHaveLength(3)
  })

  it('CLI 15: colours are for those who ask for them', () => {
    const painted = lookOf({ columns: 80, colours: true })
    expect(table([{ heading: 'A', style: 'bold' }], [['x']], painted)).toBe(
      '\u001B[2mA\u001B[22m\n\u001B[1mx\u001B[22m',
    )
    expect(lookOf({ columns: 80, colours: false }).paint('red', 'x')).toBe('x')
  })
})

const odd = {
  name: 'my "env"',
  nodes: ['a/"quoted"', 'b/[x](y)', 'c/back\\slash', 'd/%%{init}%%', 'e/<b>#35;', 'f/end'],
  edges: [{ from: 'a/"quoted"', to: 'b/[x](y)', kind: 'depends-on' }],
}

describe('drawings', () => {
  it('CLI 10: Mermaid gets only text, whatever the names', () => {
    expect(mermaid(odd)).toBe(
      [
        'flowchart LR',
        '  n0["a/#34;quoted#34;"]',
        '  n1["b/#91;x#93;#40;y#41;"]',
        '  n2["c/back#92;slash"]',
        '  n3["d/#37;#37;#123;init#125;#37;#37;"]',
        '  n4["e/#60;b#62;#35;35#59;"]',
        '  n5["f/end"]',
        '  n0 -->|"depends-on"| n1',
      ].join('\n'),
    )
  })

  it('CLI 10: Graphviz gets quotes and backslashes escaped', () => {
    expect(dot(odd).split('\n').slice(0, 6)).toEqual([
      'digraph "my \\"env\\"" {',
      '  rankdir=LR',
      '  node [shape=box]',
      '  n0 [label="a/\\"quoted\\""]',
      '  n1 [label="b/[x](y)"]',
      '  n2 [label="c/back\\\\slash"]',
    ])
  })
})
