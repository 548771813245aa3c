import { describe, expect, it } from 'vitest'
import { nextWindow, parseMaintenanceWindow } from './maintenance-window.ts'

const at = (moment: string): number => Date.parse(moment)

describe('maintenance window', () => {
  it('FAKE 11 a window is weekly, in UTC and 30 minutes long at least', () => {
    expect(parseMaintenanceWindow('sun:03:00-sun:04:00')).toEqual({ opensAfter: 3 * 3_600_000, length: 3_600_000 })
    expect(parseMaintenanceWindow('sat:23:30-sun:00:30')).toMatchObject({ length: 3_600_000 })
    for (const text of [
      'sun:03:00-sun:03:29',
      'sun:03:00',
      'son:03:00-son:04:00',
      'sun:24:00-mon:01:00',
      '',
      7,
      null,
      undefined,
    ]) {
      expect(parseMaintenanceWindow(text)).toBeUndefined()
    }
  })

  it.each([
    ['2026-03-02T12:00:00Z', 'sun:03:00-sun:04:00', '2026-03-08T03:00:00Z'],
    ['2026-03-08T03:59:59Z', 'sun:03:00-sun:04:00', '2026-03-08T03:59:59Z'],
    ['2026-03-08T04:00:00Z', 'sun:03:00-sun:04:00', '2026-03-15T03:00:00Z'],
    ['2026-03-08T00:10:00Z', 'sat:23:30-sun:00:30', '2026-03-08T00:10:00Z'],
    ['2026-03-08T00:30:00Z', 'sat:23:30-sun:00:30', '2026-03-14T23:30:00Z'],
    ['2026-03-02T12:00:00Z', undefined, '2026-03-08T03:00:00Z'],
  ])('FAKE 11 seen from %s, %s is next open at %s', (now, window, opening) => {
    expect(new Date(nextWindow(window, at(now))).toISOString()).toBe(new Date(opening).toISOString())
  })
})
