import { expect, test } from 'vitest'
import { groupCommitter, type Outcome } from './group-committer.ts'

/** A committer whose commits end when they are told to. */
function steppedCommitter() {
  const groups: string[][] = []
  const commits: PromiseWithResolvers<void>[] = []
  const committer = groupCommitter<string, string>(async (group): Promise<Outcome<string>[]> => {
    groups.push([...group])
    const step = Promise.withResolvers<void>()
    commits.push(step)
    await step.promise
    return group.map((request) => (request.startsWith('bad') ? { refusal: new Error(request) } : { result: request }))
  })
  const submit = (request: string, bytes = 1) => committer.submit(request, { events: 1, bytes })
  return { groups, commits, committer, submit }
}

test('STORE 16: what waits while a commit runs goes into the next one together, in the order of asking', async () => {
  const { groups, commits, submit } = steppedCommitter()
  const first = submit('a')
  await expect.poll(() => groups).toEqual([['a']])
  const others = ['b', 'c', 'd'].map((request) => submit(request))
  commits[0]?.resolve()
  expect(await first).toBe('a')
  await expect.poll(() => groups).toEqual([['a'], ['b', 'c', 'd']])
  commits[1]?.resolve()
  expect(await Promise.all(others)).toEqual(['b', 'c', 'd'])
})

test('STORE 16: a refusal fails only its caller, a commit that fails all of its group and no other', async () => {
  const { groups, commits, submit } = steppedCommitter()
  const mixed = Promise.allSettled([submit('a'), submit('bad b'), submit('c')])
  await expect.poll(() => groups.length).toBe(1)
  const later = submit('d')
  commits[0]?.resolve()
  expect((await mixed).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  await expect.poll(() => groups.length).toBe(2)
  commits[1]?.reject(new Error('lost'))
  await expect(later).rejects.toThrow('lost')
  const next = submit('e')
  await expect.poll(() => groups.length).toBe(3)
  commits[2]?.resolve()
  expect(await next).toBe('e')
})

test('STORE 16: a group is bounded in bytes, and one that is larger alone still goes', async () => {
  const { groups, commits, committer, submit } = steppedCommitter()
  const large = 3 * 1024 * 1024
  const all = [submit('a', 9 * large), submit('b', large), submit('c', large), submit('d', 1)]
  for (const index of [0, 1, 2]) {
    await expect.poll(() => groups.length).toBe(index + 1)
    commits[index]?.resolve()
  }
  await Promise.all(all)
  expect(groups).toEqual([['a'], ['b'], ['c', 'd']])
  await committer.idle()
})
