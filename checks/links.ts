/** Finds the links and headings of Markdown, as the forges that show it do. */

const FENCED = /^```[^\n]*\n.*?^```$/gms
const LINK = /\]\((?<link>[^)\s]+)\)/g
const HEADING = /^#{1,6} (?<title>.+)$/gm

/** The links inside the repository; those to other sites are left out. */
export function linksOf(markdown: string): string[] {
  const links = [...markdown.replaceAll(FENCED, '').matchAll(LINK)].map(({ groups }) => groups?.['link'] ?? '')
  return links.filter((link) => !/^[a-z]+:/.test(link))
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
