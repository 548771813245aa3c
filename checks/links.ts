/** Finds the links and headings of Markdown, as the forges that show it do. */

const FENCED = /^```[^\n]*\n.*?^```$/gms
const LINK = /\]\((?<link>[^)\s]+)\)/g
const NAMED = /\[`(?<names>[^\]]+)`\]\((?<link>[^)\s]+\.ts)\)/g
const HEADING = /^#{1,6} (?<title>.+)$/gm

/** The links inside the repository; those to other sites are left out. */
export function linksOf(markdown: string): string[] {
  const links = [...markdown.replaceAll(FENCED, '').matchAll(LINK)].map(({ groups }) => groups?.['link'] ?? '')
  return links.filter((link) => !/^[a-z]+:/.test(link))
}

/** The names in code that a link says are found where it leads: `[`EVENT_LIMITS`](…/event-store.ts)`. */
export function namedLinksOf(markdown: string): { readonly name: string; readonly link: string }[] {
  return [...markdown.replaceAll(FENCED, '').matchAll(NAMED)].flatMap(({ groups }) =>
    (groups?.['names'] ?? '').split('`, `').map((name) => ({ name, link: groups?.['link'] ?? '' })),
  )
}

/** The anchors of the headings: lower case, without punctuation, hyphens for spaces. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const titles = [...markdown.replaceAll(FENCED, '').matchAll(HEADING)].map(({ groups }) => groups?.['title'] ?? '')
  return new Set(
    titles.map((title) =>
      title
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  )
}
