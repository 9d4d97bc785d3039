/** The longest beginning of `text` that fits into `maxBytes` of UTF-8, with an ellipsis where something is missing. */
export function cutToBytes(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text, 'utf8')
  if (bytes.byteLength <= maxBytes) return text
  const ellipsis = '…'
  let end = maxBytes - Buffer.byteLength(ellipsis)
  // Not in the middle of a character: bytes 10xxxxxx continue one.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.subarray(0, end).toString('utf8') + ellipsis
}

/** Without control characters, except line feeds, which lists of changes use. */
export function cleanNote(text: string): string {
  return text.replace(/[^\P{Cc}\n]/gu, ' ').trim()
}
