import { expect, test } from 'vitest'
import { isInWindow, parseMaintenanceWindow } from './maintenance-window.ts'

// 2026-01-11 is a Sunday.
const contains = (window: string, moment: string): boolean | undefined => {
  const parsed = parseMaintenanceWindow(window)
  return parsed === undefined ? undefined : isInWindow(parsed, moment)
}

test.each([
  ['sun:03:00-sun:04:00', '2026-01-11T03:00:00.000Z', true],
  ['sun:03:00-sun:04:00', '2026-01-11T03:59:59.999Z', true],
  ['sun:03:00-sun:04:00', '2026-01-11T04:00:00.000Z', false],
  ['sun:03:00-sun:04:00', '2026-01-12T03:30:00.000Z', false],
  ['Mon:00:00-Mon:03:00', '2026-01-12T01:00:00.000Z', true],
  ['sun:03:00', '2026-01-11T03:30:00.000Z', true],
  ['sun:03:00', '2026-01-11T04:00:00.000Z', false],
  ['sun:03:00', '2026-01-11T04:30:00+01:00', true],
])('CHANGE 8: the window %s holds %s: %s', (window, moment, expected) => {
  expect(contains(window, moment)).toBe(expected)
})

test.each([
  ['mon:23:30-tue:00:30', '2026-01-12T23:45:00.000Z', true],
  ['mon:23:30-tue:00:30', '2026-01-13T00:29:00.000Z', true],
  ['mon:23:30-tue:00:30', '2026-01-13T00:30:00.000Z', false],
  ['sat:23:30-sun:00:30', '2026-01-10T23:45:00.000Z', true],
  ['sat:23:30-sun:00:30', '2026-01-11T00:15:00.000Z', true],
  ['sat:23:30-sun:00:30', '2026-01-14T12:00:00.000Z', false],
  ['sat:23:00', '2026-01-10T23:59:00.000Z', true],
  ['sat:23:00', '2026-01-11T00:00:00.000Z', false],
])(
  'CHANGE 8: the window %s, which crosses midnight or the end of the week, holds %s: %s',
  (window, moment, expected) => {
    expect(contains(window, moment)).toBe(expected)
  },
)

test.each([
  '',
  'sun',
  '03:00-04:00',
  'sun:24:00',
  'sun:03:60',
  'sun:03:00-',
  'sun:03:00-sun:03:00',
  'xxx:03:00',
  'sun:03:00-sun:04:00-sun:05:00',
])('CHANGE 8: "%s" is no window', (text) => {
  expect(parseMaintenanceWindow(text)).toBeUndefined()
})
