import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/*
 * Below the kernel's ephemeral range (32768 and up on Linux): a port from that range can be taken by some client's connection while its
 * server is being restarted, and a client that retries a port of that range on loopback can even connect to itself.
 */
const FIRST_PORT = 15_000
const LAST_PORT = 29_999
const MAX_TRIES = 100

/** Finds `count` different loopback TCP ports on which nothing listens. */
export async function findFreePorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  for (let tries = 0; ports.size < count; tries++) {
    if (tries > MAX_TRIES + count)
      throw new Error(`found no ${count} free ports from ${FIRST_PORT} to ${LAST_PORT}`)
    const port = randomInt(FIRST_PORT, LAST_PORT + 1)
    if (await isFree(port)) ports.add(port)
  }
  return [...ports]
}

/** Finds one loopback TCP port on which nothing listens. */
export async function findFreePort(): Promise<number> {
  const [port] = await findFreePorts(1)
  return port!
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)))
  })
}
