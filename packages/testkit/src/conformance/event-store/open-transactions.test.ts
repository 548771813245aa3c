import { expect, it } from 'vitest'
import { eventStoreCases } from './cases.ts'
import { racingStore, SELECTIONS } from './racing-store.fixture.ts'

it.each([
  ['overtaken-append', SELECTIONS.inOrderOfTheSequence],
  ['older-transaction-appends-later', SELECTIONS.inOrderOfTransactions],
  ['open-transaction-hides-nothing', SELECTIONS.beforeTheOldestOpenTransaction],
  ['rolled-back-append', SELECTIONS.upToTheFirstGap],
])('the case %s finds a store that reads as some toolkits have read', async (id, selection) => {
  const harness = racingStore(selection)
  const found = eventStoreCases.find((each) => each.id === id)
  await expect(found?.run(harness)).rejects.toThrow()
  await harness.cleanup()
})

it('without open transactions such stores pass the same cases: it takes the interleaving to find them', async () => {
  for (const { id, run } of eventStoreCases) {
    if (!['overtaken-append', 'older-transaction-appends-later', 'open-transaction-hides-nothing'].includes(id))
      continue
    const { store, cleanup } = racingStore(SELECTIONS.inOrderOfTheSequence)
    await run({ store, fresh: true, cleanup })
    await cleanup()
  }
})
