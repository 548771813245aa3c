/** A user and password inside a URL: `postgres://app:hunter2@db/orders`. */
const URL_WITH_PASSWORD = /:\/\/[^\s:@/]{0,1024}:[^\s@/]{1,4096}@/
/** `Server=db;Password=hunter2`, `spring.datasource.password=hunter2`, `AccountKey=…`, `?api_key=…`. */
const SECRET_IN_PAIRS =
  /(?:^|[\s;&?,.\-_"'])(?:password|passwd|pwd|accountkey|sharedaccesskey|secret_?key|api_?key|auth_?token|client_?secret)["']?\s*=\s*["']?[^\s;&"']/im
/** A line of YAML: `  password: hunter2`. */
const SECRET_IN_YAML =
  /^[ \t]*(?:- )?["']?[\w.-]*(?:password|passwd|secret_?key|api_?key|auth_?token|client_?secret)["']?:[ \t]+["']?[^\s"'#|>{[]/im
/** A manifest of Kubernetes, whose data is secret under any name. */
const SECRET_MANIFEST = /^[ \t]*kind:[ \t]*["']?Secret["']?[ \t]*$/m
const PRIVATE_KEY = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/
const BEARER = /\bBearer\s+(?=\S*\d)[\w.~+/=-]{16,}/i
/** Tokens whose form their issuers chose so that they can be found: GitHub, GitLab, Slack, Stripe, SendGrid, Vault, npm, and any JWT. */
const TOKEN = new RegExp(
  [
    String.raw`gh[pousr]_\w{36,}|github_pat_\w{22,}|glpat-[\w-]{20,}`,
    String.raw`xox[abeprs]-[\w-]{10,}|[rs]k_live_\w{16,}|SG\.[\w-]{16,}\.[\w-]{16,}`,
    String.raw`hv[bs]\.[\w-]{24,}|npm_\w{36,}|eyJ[\w-]{10,512}\.eyJ[\w-]{10,8192}\.[\w-]{10,}`,
  ].join('|'),
)

/** Whether a text holds a secret whatever its name is: connection strings and settings with a password, private keys, tokens. */
export function holdsSecret(text: string): boolean {
  return (
    (text.includes('://') && URL_WITH_PASSWORD.test(text)) ||
    (text.includes('=') && SECRET_IN_PAIRS.test(text)) ||
    (text.includes(': ') && SECRET_IN_YAML.test(text)) ||
    (text.includes('Secret') && SECRET_MANIFEST.test(text)) ||
    (text.includes('-----BEGIN') && PRIVATE_KEY.test(text)) ||
    BEARER.test(text) ||
    TOKEN.test(text)
  )
}
