import type { Answer, StreamAnswer } from '../answer.ts'
import type { Io } from '../io.ts'
import { jsonText } from './json-text.ts'
import { lookOf } from './look.ts'

/** Writes an answer: for people, or as exactly one JSON document. */
export async function writeAnswer(
  answer: Answer,
  { stdout, stderr }: Pick<Io, 'stdout' | 'stderr'>,
  json: boolean,
): Promise<void> {
  const look = lookOf(stdout)
  if (answer.type === 'document') {
    const text = json ? jsonText(answer.value, 2) : answer.text(look)
    await stdout.write(text.endsWith('\n') ? text : `${text}\n`)
    return
  }
  if (json && answer.lines !== true) return writeArray(answer, stdout.write)
  let any = false
  for await (const item of answer.items) {
    any = true
    // Whoever reads may have seen enough.
    if (!(await stdout.write(`${json ? jsonText(item.value) : item.text(look)}\n`))) return
  }
  if (!any) await stderr.write(`${answer.none}\n`)
}

async function writeArray({ items }: StreamAnswer, write: Io['stdout']['write']): Promise<void> {
  let before = '[\n'
  for await (const { value } of items) {
    if (!(await write(`${before}${jsonText(value)}`))) return
    before = ',\n'
  }
  await write(before === '[\n' ? '[]\n' : '\n]\n')
}
