import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkout, runningWorld } from './compute.fixture.ts'

/** `INFRALEDGER_RUNS=1000` looks longer; `INFRALEDGER_SEED=<seed>` plays a failure again. fast-check prints the seed of a failure. */
const { INFRALEDGER_RUNS: runs, INFRALEDGER_SEED: seed } = process.env
const RUNS = 40
const MS_PER_RUN = 3_000
const NAME = 'prod-checkout'

const images = fc.constantFrom('shop:1', 'shop:2', 'shop:3')
const steps = fc.array(
  fc.oneof(
    fc.record({ type: fc.constant('deploy' as const), image: images, replicas: fc.integer({ min: 0, max: 4 }) }),
    fc.record({ type: fc.constant('rollOut' as const), image: images }),
    fc.record({ type: fc.constant('push' as const), image: images }),
    fc.record({ type: fc.constant('restart' as const) }),
    fc.record({ type: fc.constant('remove' as const) }),
    fc.record({ type: fc.constant('reconcile' as const) }),
    fc.record({ type: fc.constant('sleep' as const), ms: fc.integer({ min: 1, max: 60_000 }) }),
    fc.record({
      type: fc.constant('fault' as const),
      fault: fc.constantFrom('failMidway' as const, 'lost' as const, 'unheard' as const, 'retryable' as const),
    }),
  ),
  { maxLength: 15 },
)

test(
  'COMPUTE 4, COMPUTE 5, COMPUTE 7: whatever happens to rollouts, the next deployment ends with what it asked for, and the ledger says what runs',
  async () => {
    const replay = seed === undefined ? {} : { seed: Number(seed) }
    const property = fc.asyncProperty(steps, async (script) => {
      const { prod, ledger, runner, clock, deploy } = await runningWorld()
      for (const step of script) {
        const isThere = runner.inspect.workload(NAME) !== undefined
        if (step.type === 'deploy') await deploy(checkout(step.image, step.replicas)).catch(() => undefined)
        if (step.type === 'rollOut' && isThere) runner.console('eve').rollOut(NAME, { image: step.image })
        if (step.type === 'push') runner.registry.push(step.image)
        if (step.type === 'restart' && isThere) runner.console('eve').restart(NAME)
        if (step.type === 'remove' && isThere) runner.console('eve').remove(NAME)
        if (step.type === 'reconcile') await prod.reconcile()
        if (step.type === 'sleep') await clock.sleep(step.ms)
        if (step.type !== 'fault') continue
        const call = { operation: isThere ? 'update' : 'create' } as const
        if (step.fault === 'failMidway') runner.faults.failMidway(call)
        else if (step.fault === 'retryable') runner.faults.retryable(call, 2)
        else runner.faults.unknownOutcome(call, { happened: step.fault === 'unheard' })
      }
      runner.faults.clear()
      // Whatever somebody began by hand comes to its end.
      await clock.sleep(600_000)
      const { id } = await deploy(checkout('shop:final', 2))
      const digest = runner.registry.digest('shop:final')
      expect(runner.inspect.workloads()).toMatchObject([
        { state: 'steady', running: [{ image: 'shop:final', digest, replicas: 2 }] },
      ])
      expect((await prod.versions()).workloads).toMatchObject([
        { image: 'shop:final', digest, replicas: 2, running: [], deployment: { id } },
      ])
      await prod.reconcile()
      expect(await prod.drift()).toMatchObject({ open: [], unmanaged: [], missing: [] })
      expect((await prod.versions()).workloads[0]?.deployment?.id).toBe(id)
      expect(await ledger.verify()).toMatchObject({ intact: true })
      await ledger.close()
    })
    await fc.assert(property, { numRuns: Number(runs ?? RUNS), ...replay })
  },
  Number(runs ?? RUNS) * MS_PER_RUN,
)
