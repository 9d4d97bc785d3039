const fourDigitsAndDash = /^[0-9]{4}-/
const syntax =
  /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:([Tt ])([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2})?)?$/

/** Whether goyaml.v2 takes the text for a timestamp: a date, or a date and a time in one of its three layouts. */
export function isTimestamp(text: string): boolean {
  if (!fourDigitsAndDash.test(text)) return false
  const match = syntax.exec(text)
  if (match === null) return false
  const [, year, month, day, separator, hour = '0', minute = '0', second = '0', zone] = match
  // A zone follows a time behind T, and only there.
  if (separator !== undefined && (separator === ' ') !== (zone === undefined)) return false
  return (
    isDay(Number(year), Number(month), Number(day)) && isClock(Number(hour), Number(minute), Number(second))
  )
}

function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false
  const daysInMonth = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  return day <= (daysInMonth[month - 1] ?? 0)
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

function isClock(hour: number, minute: number, second: number): boolean {
  return hour < 24 && minute < 60 && second < 60
}
