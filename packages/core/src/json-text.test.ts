import { describe, expect, it } from 'vitest'
import { parseJsonText } from './json-text.ts'
import { isLedgerError } from './ledger-error.ts'

function refusal(text: string): { path: string; problem: string } | undefined {
  try {
    parseJsonText(text, 'the file')
    return undefined
  } catch (error) {
    if (!isLedgerError(error, 'input-invalid')) throw error
    return error.details.issues[0]
  }
}

describe('parseJsonText', () => {
  it('parses JSON', () => {
    expect(parseJsonText('{"a":[1,true,null,"x"]}', 'the file')).toEqual({ a: [1, true, null, 'x'] })
  })

  it.each([
    ['', 'line 1, column 1', /empty/],
    ['<?xml version="1.0"?><Error/>', 'line 1, column 1', /XML or HTML/],
    ['\uFEFF{}', 'line 1, column 1', /byte order mark/],
    ['\uFFFD\uFFFD{\0}\0', 'line 1, column 1', /not UTF-8/],
    ['{\n  "a": 1,\n  "b": "cut', 'line 3, column 12', /inside a string/],
    ['{\n  "a": [1, 2', 'line 2, column 13', /comma or the end/],
    ['{"a" 1}', 'line 1, column 6', /colon/],
    ['{"a": 1,}', 'line 1, column 9', /key in double quotes/],
    ['[1, x]', 'line 1, column 5', /a value/],
    ['{} {}', 'line 1, column 4', /more text/],
    ['"a\\x"', 'line 1, column 3', /escape/],
    ['["a\nb"]', 'line 1, column 4', /control character/],
    ['[1 2]', 'line 1, column 4', /comma/],
    ['{a:1}', 'line 1, column 2', /key/],
    ['[01]', 'line 1, column 3', /comma/],
  ])('says where %j stops being JSON', (text, path, problem) => {
    expect(refusal(text)).toEqual({ path, problem: expect.stringMatching(problem) })
  })

  it('never quotes the text, which may hold secrets', () => {
    const error = captured(() => parseJsonText('{"password": "hunter2" oops', 'the file'))
    expect(JSON.stringify([String(error), error])).not.toContain('hunter2')
    expect(error).not.toHaveProperty('cause')
  })

  it('survives any nesting', () => {
    expect(refusal('['.repeat(200_000))?.problem).toMatch(/cut off/)
  })
})

function captured(call: () => unknown): unknown {
  try {
    return call()
  } catch (error) {
    return error
  }
}
