import { createInterface } from 'node:readline'
import type { MeasuredStore } from './measured-store.ts'
import type { PeerAnswer, PeerRequest } from './peers.ts'
import { WORKS } from './works.ts'
import type { Sizes } from './works.ts'

// The process of one peer: does what each line of its input asks for, and answers with a line.

const [peer = '', location = '', sizes = '{}'] = process.argv.slice(2)
// The packages of the peers are installed beside these files, and nowhere else; the process that starts this one names and sizes it.
const { open } = (await import(new URL(`../../peers/${peer}.js`, import.meta.url).href)) as {
  readonly open: (location: string) => Promise<MeasuredStore>
}
const store = await open(location)
// What a peer prints must not be taken for an answer; where it fails, the answer says so.
console.log = () => {}

for await (const line of createInterface({ input: process.stdin })) {
  const { work, round } = JSON.parse(line) as PeerRequest
  const answer: PeerAnswer = await WORKS[work](store, JSON.parse(sizes) as Sizes, round).then(
    (milliseconds) => ({ milliseconds }),
    (error: unknown) => ({ error: String(error) }),
  )
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
await store.close()
process.exit()
