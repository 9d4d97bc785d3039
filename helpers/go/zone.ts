import { abbreviateZone } from './zone-names.ts'

/** What a clock in a zone shows at an instant. */
export interface ZoneInfo {
  readonly offsetSeconds: number
  /** `CET`, `UTC`, `+03`; empty for an offset without a name. */
  readonly abbreviation: string
}

/** Go's *time.Location. */
export interface Zone {
  readonly name: string
  at(unixSeconds: number): ZoneInfo
}

const utcInfo: ZoneInfo = { offsetSeconds: 0, abbreviation: 'UTC' }

/** Also the local zone: a controller's process runs in UTC. */
export const utc: Zone = { name: 'UTC', at: () => utcInfo }

export function fixedZone(name: string, offsetSeconds: number): Zone {
  const info: ZoneInfo = { offsetSeconds, abbreviation: name }
  return { name, at: () => info }
}

/** Pure cache of zones that exist, so its size is bounded by the tz database. */
const zones = new Map<string, Zone>()

/** The zone of an IANA name as Go's time.LoadLocation finds it, or undefined. Case matters, as in a file system. */
export function findZone(name: string): Zone | undefined {
  if (name === '' || name === 'UTC' || name === 'Local') return utc
  const known = zones.get(name)
  if (known !== undefined) return known
  const zone = isZoneName(name) ? loadZone(name) : undefined
  if (zone !== undefined) zones.set(name, zone)
  return zone
}

function isZoneName(name: string): boolean {
  return name.length <= 64 && /^[A-Z][\w+-]*(?:\/[A-Z][\w+-]*)*$/.test(name)
}

function loadZone(name: string): Zone | undefined {
  try {
    const offsets = zoneFormat(name, 'longOffset')
    const resolved = offsets.resolvedOptions().timeZone
    if (resolved !== name && resolved.toLowerCase() === name.toLowerCase()) return undefined
    return intlZone(name, offsets, zoneFormat(name, 'long'))
  } catch {
    return undefined
  }
}

function zoneFormat(timeZone: string, timeZoneName: 'longOffset' | 'long'): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName })
}

function intlZone(name: string, offsets: Intl.DateTimeFormat, names: Intl.DateTimeFormat): Zone {
  const read = (unixSeconds: number): ZoneInfo => {
    const offsetSeconds = parseOffset(zonePart(offsets, unixSeconds))
    return { offsetSeconds, abbreviation: abbreviateZone(name, zonePart(names, unixSeconds), offsetSeconds) }
  }
  return {
    name,
    at: (unixSeconds) => (unixSeconds < 0 ? withLaterName(read, unixSeconds) : read(unixSeconds)),
  }
}

/** January and July of 2000. */
const laterInstants: readonly number[] = [946_684_800, 962_409_600]

/** CLDR names nothing before 1970: there, a zone keeps the name that it has for the same offset later. */
function withLaterName(read: (unixSeconds: number) => ZoneInfo, unixSeconds: number): ZoneInfo {
  const info = read(unixSeconds)
  return laterInstants.map(read).find((later) => later.offsetSeconds === info.offsetSeconds) ?? info
}

/** JavaScript's dates end in the year ±271821; beyond, the zone keeps the rules of the last day. */
const maxUnixSeconds = 8_640_000_000_000

function zonePart(format: Intl.DateTimeFormat, unixSeconds: number): string {
  const clamped = Math.max(-maxUnixSeconds, Math.min(maxUnixSeconds, unixSeconds))
  const parts = format.formatToParts(clamped * 1000)
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? ''
}

function parseOffset(text: string): number {
  const match = /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(text)
  if (match === null) return 0
  const [, sign, hours, minutes, seconds = '0'] = match
  const offset = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  return sign === '-' ? -offset : offset
}
