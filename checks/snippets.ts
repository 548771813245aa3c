/** Takes the programs out of Markdown: what its ts blocks say, and what those that are run are said to print. */

/** One program of a document: a ts block, with the blocks marked `continues` that follow it. */
export type Snippet = {
  /** The document, relative to the repository's root. */
  readonly document: string
  /** Line of its first block's fence, from 1. */
  readonly line: number
  /** The program, every line where it stands in the document, so that errors name the document's lines. */
  readonly text: string
  /** Whether it is run; and what it must print then: the text blocks that follow its blocks. */
  readonly run: boolean
  readonly prints: string
}

type Block = {
  readonly language: string
  readonly marks: readonly string[]
  readonly line: number
  readonly lines: readonly string[]
}

const FENCE = /^```(?<language>\w*)(?<marks>( \w+)*)$/

/** The programs of a document. A block is marked in its fence: `ts run` is run too, `ts continues` goes on with the program before. */
export function snippetsOf(document: string, markdown: string): Snippet[] {
  const blocks = blocksOf(markdown)
  const snippets: Snippet[] = []
  for (const [index, { language, marks, line, lines }] of blocks.entries()) {
    if (language !== 'ts') continue
    const before = marks.includes('continues') ? snippets.pop() : undefined
    const start = before?.text ?? ''
    const padding = '\n'.repeat(line - start.split('\n').length + 1)
    const next = blocks[index + 1]
    snippets.push({
      document,
      line: before?.line ?? line,
      text: `${start}${padding}${lines.join('\n')}`,
      run: marks.includes('run') || before?.run === true,
      prints: (before?.prints ?? '') + (next?.language === 'text' ? `${next.lines.join('\n')}\n` : ''),
    })
  }
  return snippets
}

function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = []
  let open: { language: string; marks: string[]; line: number; lines: string[] } | undefined
  for (const [index, text] of markdown.split('\n').entries()) {
    const { language, marks = '' } = FENCE.exec(text)?.groups ?? {}
    if (open === undefined) {
      if (language !== undefined)
        open = { language, marks: marks.split(' ').filter(Boolean), line: index + 1, lines: [] }
    } else if (text === '```') {
      blocks.push(open)
      open = undefined
    } else open.lines.push(text)
  }
  return blocks
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** What was printed, without colours, and with one name for all ids that are made anew each time. */
export function comparable(printed: string): string {
  return printed.replaceAll(UUID, '<id>').trimEnd()
}
