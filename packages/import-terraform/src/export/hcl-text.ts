/** Control characters, and those that change the direction of text: in a file that people review they are always escaped. */
const HIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu

/**
 * A quoted template of HCL that means exactly this text: `${` and `%{` would begin an expression. Source: HCL Native Syntax Specification,
 * "Template Expressions".
 */
export function hclString(text: string): string {
  const escaped = text
    .toWellFormed()
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('${', () => '$${')
    .replaceAll('%{', '%%{')
  return `"${escaped.replaceAll(HIDDEN, unicodeEscape)}"`
}

/** What may stand in a comment of one line. */
export function hclComment(text: string): string {
  return text.toWellFormed().replaceAll(HIDDEN, unicodeEscape)
}

/** Gives each resource of a type a name of its own: letters, digits, `_` and `-`, not beginning with a digit or dash. */
export function resourceNames(): (type: string, wanted: string) => string {
  const taken = new Set<string>()
  return (type, wanted) => {
    const name = resourceName(wanted)
    let unique = name
    for (let count = 2; taken.has(`${type}.${unique}`); count++) unique = `${name}_${count}`
    taken.add(`${type}.${unique}`)
    return unique
  }
}

function resourceName(wanted: string): string {
  const name = wanted.replaceAll(/[^A-Za-z0-9_-]+/g, '_').replace(/(?<=.)_+$/, '')
  return /^[A-Za-z_]/.test(name) ? name : `_${name}`
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
