import { parseArgs } from 'node:util'

/** The stories that `npm run demo` tells, by the cloud on which they play. */
const STORIES: Readonly<Record<string, string>> = { fake: './main.ts', aws: '../07-on-aws/main.ts' }

const { cloud } = parseArgs({ options: { cloud: { type: 'string', default: 'fake' } } }).values
const story = Object.hasOwn(STORIES, cloud) ? STORIES[cloud] : undefined
if (story === undefined) {
  console.error(`There is no story on "${cloud}"; --cloud is ${Object.keys(STORIES).join(' or ')}.`)
  process.exitCode = 64
} else await import(story)
