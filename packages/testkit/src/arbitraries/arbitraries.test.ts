import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { virtualClock } from '../clock/virtual-clock.ts'
import { fakeCloud } from '../fake-cloud/fake-cloud.ts'
import { consoleScripts, playConsoleScript } from './console-scripts.ts'
import { nodeIds } from './node-ids.ts'
import { sqlInstanceObservations } from './observations.ts'
import { sqlInstancePatches, sqlInstanceProperties } from './sql-instances.ts'

describe('arbitraries', () => {
  it('FAKE 27 node ids are ids, of the kinds that were asked for', () => {
    fc.assert(
      fc.property(nodeIds({ kinds: ['topic'] }), (id) => {
        expect(id).toMatch(/^topic\/[^\s][^\n\r\0]{0,511}$/)
      }),
    )
  })

  it('FAKE 27 generated properties are accepted by the fake cloud; a generated patch has one property at least', () => {
    fc.assert(
      fc.property(sqlInstanceProperties(), sqlInstancePatches(), (properties, patch) => {
        const cloud = fakeCloud({ clock: virtualClock() })
        cloud.console('ada').create('sql-instance', 'main', properties)
        expect(Object.keys(patch).length).toBeGreaterThan(0)
      }),
    )
  })

  it('FAKE 27 what an observation marks as volatile is in it', () => {
    fc.assert(
      fc.property(sqlInstanceObservations(), ({ properties, volatile }) => {
        expect(Object.keys(properties)).toEqual(expect.arrayContaining([...volatile]))
      }),
    )
  })

  it('FAKE 27 whatever is played, the cloud keeps its promises: one thing per name, protected things stay, storage grows', async () => {
    await fc.assert(
      fc.asyncProperty(consoleScripts({ maxLength: 30 }), async (script) => {
        const clock = virtualClock()
        const cloud = fakeCloud({ clock })
        for (const step of script) {
          const before = cloud.inspect.resources()
          await playConsoleScript(cloud, clock, [step])
          const after = new Map(cloud.inspect.resources().map((resource) => [resource.ref.id, resource]))
          expect(new Set([...after.values()].map(({ ref }) => ref.name)).size).toBe(after.size)
          for (const { ref, properties } of before) {
            const now = after.get(ref.id)
            if (properties['deletionProtection'] === true) expect(now).toBeDefined()
            if (now !== undefined) {
              expect(Number(now.properties['storage.gib'])).toBeGreaterThanOrEqual(Number(properties['storage.gib']))
            }
          }
        }
      }),
      { numRuns: 50 },
    )
  })
})
