import type { beginWork } from './in-span.ts'

type Work = ReturnType<typeof beginWork>

/** Whether something is read with `for await`. */
export function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

/** What is read in pieces, with each piece fetched inside the work's span, which ends with the last piece or when the reader leaves. */
export function observedIterable(iterable: AsyncIterable<unknown>, { span, finish }: Work): AsyncIterable<unknown> {
  let pieces = 0
  let isOver = false
  function over(ending: Parameters<Work['finish']>[0]): void {
    if (isOver) return
    isOver = true
    span.set({ 'infraledger.pages': pieces })
    finish(ending)
  }
  return {
    [Symbol.asyncIterator]() {
      const iterator = span.run(() => iterable[Symbol.asyncIterator]())
      return {
        async next() {
          try {
            const result = await span.run(() => iterator.next())
            if (result.done === true) over({ outcome: 'done' })
            else pieces += 1
            return result
          } catch (error) {
            over({ error })
            throw error
          }
        },
        async return() {
          try {
            await span.run(() => iterator.return?.())
            return { done: true, value: undefined }
          } finally {
            over({ outcome: 'done' })
          }
        },
      }
    },
  }
}
