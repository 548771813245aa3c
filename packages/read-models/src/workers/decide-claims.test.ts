import { describe, expect, test } from 'vitest'
import { decideClaims } from './decide-claims.ts'
import { livingWorkers } from './living-workers.ts'

const environments = ['a', 'b', 'c', 'd']

describe('READ 6: workers share the environments', () => {
  test('one alone takes all, also what the dead hold', () => {
    const claims = [{ environment: 'b', worker: 'dead' }]
    expect(decideClaims({ worker: 'one', living: new Set(['one']), environments, claims })).toEqual({
      take: [
        { environment: 'a', from: '' },
        { environment: 'b', from: 'dead' },
        { environment: 'c', from: '' },
        { environment: 'd', from: '' },
      ],
      release: [],
    })
  })

  test('when another one comes, the first lets go of what is above its share, and the other takes that', () => {
    const living = new Set(['one', 'two'])
    const claims = environments.map((environment) => ({ environment, worker: 'one' }))
    expect(decideClaims({ worker: 'one', living, environments, claims })).toEqual({ take: [], release: ['c', 'd'] })
    expect(decideClaims({ worker: 'two', living, environments, claims })).toEqual({ take: [], release: [] })
    const released = claims.map((claim, index) => (index < 2 ? claim : { ...claim, worker: '' }))
    expect(decideClaims({ worker: 'two', living, environments, claims: released }).take).toEqual([
      { environment: 'c', from: '' },
      { environment: 'd', from: '' },
    ])
  })

  test('a worker is taken for dead when it shows no sign for a lease, by the clock of who looks', () => {
    const workers = livingWorkers(1_000)
    expect(workers.see([{ worker: 'x', beat: 7 }], 0).dead).toEqual([])
    expect(workers.see([{ worker: 'x', beat: 7 }], 999).dead).toEqual([])
    expect(workers.see([{ worker: 'x', beat: 7 }], 1_000).dead).toEqual(['x'])
    expect(workers.see([{ worker: 'x', beat: 8 }], 2_000).living).toEqual(new Set(['x']))
  })
})
