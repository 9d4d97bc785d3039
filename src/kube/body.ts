/** A body that is larger than its caller allows. */
export class BodyTooLargeError extends Error {
  constructor(maxBytes: number) {
    super(`the answer is larger than ${maxBytes} bytes`)
    this.name = 'BodyTooLargeError'
  }
}

/** The whole body. Throws BodyTooLargeError, and closes the connection, as soon as it is too large. */
export async function readBytes(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > maxBytes) throw new BodyTooLargeError(maxBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Lines of a stream, without their line feed. Throws BodyTooLargeError when a line is longer than `maxBytes`. */
export async function* readLines(body: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<string> {
  let pending: Buffer[] = []
  let pendingBytes = 0
  for await (const chunk of body) {
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a)) {
      if (pendingBytes + end > maxBytes) throw new BodyTooLargeError(maxBytes)
      pending.push(rest.subarray(0, end))
      yield Buffer.concat(pending).toString('utf8')
      pending = []
      pendingBytes = 0
      rest = rest.subarray(end + 1)
    }
    pendingBytes += rest.byteLength
    if (pendingBytes > maxBytes) throw new BodyTooLargeError(maxBytes)
    if (rest.byteLength > 0) pending.push(rest)
  }
}
