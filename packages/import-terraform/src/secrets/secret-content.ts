/** A user and password inside a URL: `postgres://app:hunter2@db/orders`. */
const URL_WITH_PASSWORD = /[a-z][a-z0-9+.-]*:\/\/[^\s:@/]*:[^\s@/]+@/i
/** `Server=db;Password=hunter2`, `AccountKey=…`. */
const PASSWORD_IN_PAIRS = /(?:^|;)\s*(?:password|pwd|accountkey|sharedaccesskey)\s*=\s*[^;\s]/i
const PRIVATE_KEY = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/

/** Whether a text holds a secret whatever its name is: connection strings with a password, private keys. */
export function holdsSecret(text: string): boolean {
  return (
    (text.includes('://') && URL_WITH_PASSWORD.test(text)) ||
    (text.includes('=') && PASSWORD_IN_PAIRS.test(text)) ||
    (text.includes('-----BEGIN') && PRIVATE_KEY.test(text))
  )
}
