/**
 * The tz database's abbreviation by the zone's English long name (CLDR). What is not here has no letters in the tz
 * database: Go prints those as a numeric offset (`+03`).
 */
const abbreviations: ReadonlyMap<string, string> = new Map([
  ['Alaska Daylight Time', 'AKDT'],
  ['Alaska Standard Time', 'AKST'],
  ['American Samoa Standard Time', 'SST'],
  ['Atlantic Daylight Time', 'ADT'],
  ['Atlantic Standard Time', 'AST'],
  ['Australian Central Daylight Time', 'ACDT'],
  ['Australian Central Standard Time', 'ACST'],
  ['Australian Eastern Daylight Time', 'AEDT'],
  ['Australian Eastern Standard Time', 'AEST'],
  ['Australian Western Standard Time', 'AWST'],
  ['British Summer Time', 'BST'],
  ['Central Africa Time', 'CAT'],
  ['Central Daylight Time', 'CDT'],
  ['Central European Standard Time', 'CET'],
  ['Central European Summer Time', 'CEST'],
  ['Central Indonesia Time', 'WITA'],
  ['Central Standard Time', 'CST'],
  ['Chamorro Standard Time', 'ChST'],
  ['China Standard Time', 'CST'],
  ['Coordinated Universal Time', 'UTC'],
  ['Cuba Daylight Time', 'CDT'],
  ['Cuba Standard Time', 'CST'],
  ['East Africa Time', 'EAT'],
  ['Eastern Daylight Time', 'EDT'],
  ['Eastern European Standard Time', 'EET'],
  ['Eastern European Summer Time', 'EEST'],
  ['Eastern Indonesia Time', 'WIT'],
  ['Eastern Standard Time', 'EST'],
  ['Greenwich Mean Time', 'GMT'],
  ['Guam Standard Time', 'GST'],
  ['Hawaii-Aleutian Daylight Time', 'HDT'],
  ['Hawaii-Aleutian Standard Time', 'HST'],
  ['Hong Kong Standard Time', 'HKT'],
  ['India Standard Time', 'IST'],
  ['Irish Standard Time', 'IST'],
  ['Israel Daylight Time', 'IDT'],
  ['Israel Standard Time', 'IST'],
  ['Japan Standard Time', 'JST'],
  ['Korean Standard Time', 'KST'],
  ['Macao Standard Time', 'CST'],
  ['Mexican Pacific Daylight Time', 'MDT'],
  ['Mexican Pacific Standard Time', 'MST'],
  ['Moscow Standard Time', 'MSK'],
  ['Moscow Summer Time', 'MSD'],
  ['Mountain Daylight Time', 'MDT'],
  ['Mountain Standard Time', 'MST'],
  ['New Zealand Daylight Time', 'NZDT'],
  ['New Zealand Standard Time', 'NZST'],
  ['Newfoundland Daylight Time', 'NDT'],
  ['Newfoundland Standard Time', 'NST'],
  ['Northern Mariana Islands Time', 'GST'],
  ['Pacific Daylight Time', 'PDT'],
  ['Pacific Standard Time', 'PST'],
  ['Pakistan Standard Time', 'PKT'],
  ['Philippine Standard Time', 'PST'],
  ['South Africa Standard Time', 'SAST'],
  ['Taiwan Standard Time', 'CST'],
  ['Volgograd Summer Time', 'MSD'],
  ['West Africa Time', 'WAT'],
  ['Western European Standard Time', 'WET'],
  ['Western European Summer Time', 'WEST'],
  ['Western Indonesia Time', 'WIB'],
  ['Yukon Time', 'MST'],
])

/** Zones whose CLDR name belongs to others that have letters, while they have none. */
const numericZones: ReadonlySet<string> = new Set([
  'Africa/Casablanca',
  'Africa/El_Aaiun',
  'Antarctica/Casey',
  'Antarctica/Troll',
  'Asia/Colombo',
  'Europe/Minsk',
])

const ownNames: ReadonlyMap<string, readonly [from: string, to: string]> = new Map([
  ['MET', ['CE', 'ME']],
  ['GMT', ['UTC', 'GMT']],
  ['GMT0', ['UTC', 'GMT']],
  ['Etc/GMT', ['UTC', 'GMT']],
  ['Etc/GMT0', ['UTC', 'GMT']],
  ['Etc/Greenwich', ['UTC', 'GMT']],
  ['Greenwich', ['UTC', 'GMT']],
])

const britishIslands: ReadonlySet<string> = new Set([
  'Europe/Guernsey',
  'Europe/Isle_of_Man',
  'Europe/Jersey',
])

/** The tz abbreviation for a zone whose English long name at that instant is `longName`. */
export function abbreviateZone(zoneName: string, longName: string, offsetSeconds: number): string {
  const known = numericZones.has(zoneName) ? undefined : abbreviations.get(longName)
  if (known !== undefined) {
    const own = ownNames.get(zoneName)
    return own === undefined ? known : known.replace(own[0], own[1])
  }
  if (britishIslands.has(zoneName) && offsetSeconds === 3600) return 'BST'
  return numericName(offsetSeconds)
}

/** `+03`, `-0330`. */
function numericName(offsetSeconds: number): string {
  const minutes = Math.floor(Math.abs(offsetSeconds) / 60)
  const hour = String(Math.floor(minutes / 60)).padStart(2, '0')
  const minute = minutes % 60 === 0 ? '' : String(minutes % 60).padStart(2, '0')
  return `${offsetSeconds < 0 ? '-' : '+'}${hour}${minute}`
}
