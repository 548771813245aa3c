/** Where JSON text stops being JSON, counted from 1; columns count UTF-16 code units. */
export type JsonErrorLocation = { readonly line: number; readonly column: number; readonly problem: string }

/**
 * Finds the first syntax error of a text that `JSON.parse` refused. Says what is wrong without quoting the text. Walks with a stack of
 * its own, so that deep nesting costs memory and not the call stack.
 */
export function locateJsonError(text: string): JsonErrorLocation {
  const found = firstError(text)
  const before = text.slice(0, found.at)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: found.at - lineStart + 1, problem: found.problem }
}

type Found = { readonly at: number; readonly problem: string }
/** What may come next: a value, a key, a value or the end of an array, and so on. */
type Expected = 'value' | 'first-item' | 'first-key' | 'key' | 'colon' | 'separator' | 'end'

const SPACE = /[ \t\n\r]*/y
const LITERAL = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

function firstError(text: string): Found {
  const open: ('{' | '[')[] = []
  let expected: Expected = 'value'
  let at = 0
  while (true) {
    at = match(SPACE, text, at)
    const character = text[at]
    if (character === undefined) {
      return {
        at,
        problem:
          expected === 'end'
            ? 'the text could not be parsed'
            : `the text ends where ${wanted(expected)} is expected; it is cut off`,
      }
    }
    if ((expected === 'first-item' && character === ']') || (expected === 'first-key' && character === '}')) {
      open.pop()
      expected = open.length === 0 ? 'end' : 'separator'
      at += 1
      continue
    }
    const step = take(text, at, character, expected, open)
    if ('problem' in step) return step
    expected = step.expected
    at = step.at
  }
}

type Step = { readonly at: number; readonly expected: Expected }

function take(text: string, at: number, character: string, expected: Expected, open: ('{' | '[')[]): Step | Found {
  switch (expected) {
    case 'value':
    case 'first-item':
      return takeValue(text, at, character, open)
    case 'first-key':
    case 'key': {
      if (character !== '"') return unexpected(at, expected)
      const end = endOfString(text, at)
      return typeof end === 'number' ? { at: end, expected: 'colon' } : end
    }
    case 'colon':
      return character === ':' ? { at: at + 1, expected: 'value' } : unexpected(at, expected)
    case 'separator': {
      const inside = open.at(-1)
      if (character === ',') return { at: at + 1, expected: inside === '{' ? 'key' : 'value' }
      if (character !== (inside === '{' ? '}' : ']')) return unexpected(at, expected)
      open.pop()
      return { at: at + 1, expected: open.length === 0 ? 'end' : 'separator' }
    }
    case 'end':
      return unexpected(at, expected)
  }
}

function takeValue(text: string, at: number, character: string, open: ('{' | '[')[]): Step | Found {
  if (character === '{' || character === '[') {
    open.push(character)
    return { at: at + 1, expected: character === '{' ? 'first-key' : 'first-item' }
  }
  const after: Expected = open.length === 0 ? 'end' : 'separator'
  if (character === '"') {
    const end = endOfString(text, at)
    return typeof end === 'number' ? { at: end, expected: after } : end
  }
  const end = match(LITERAL, text, at)
  return end > at ? { at: end, expected: after } : unexpected(at, 'value')
}

function endOfString(text: string, start: number): number | Found {
  let at = start + 1
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === 0x22) return at + 1
    if (code < 0x20)
      return { at, problem: 'a string holds a line break or another control character that is not escaped' }
    if (code === 0x5c) {
      const end = match(ESCAPE, text, at)
      if (end === at) return { at, problem: 'a string holds an escape that JSON does not have' }
      at = end
    } else at += 1
  }
  return { at, problem: 'the text ends inside a string; it is cut off' }
}

function unexpected(at: number, expected: Expected): Found {
  return {
    at,
    problem:
      expected === 'end'
        ? 'there is more text after the end of the JSON value'
        : `${wanted(expected)} is expected here`,
  }
}

function wanted(expected: Expected): string {
  switch (expected) {
    case 'value':
    case 'first-item':
      return 'a value'
    case 'first-key':
    case 'key':
      return 'a key in double quotes'
    case 'colon':
      return 'a colon'
    case 'separator':
      return 'a comma or the end of the list or object'
    case 'end':
      return 'the end'
  }
}

/** Where a sticky pattern that matches at `at` ends; `at` when it does not match. */
function match(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}
