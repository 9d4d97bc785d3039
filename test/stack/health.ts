import { Agent, request } from 'undici'

/** Whether a GET answers 200, over a connection of its own. Throws when nothing answers. */
export async function isHealthy(url: string, ca?: string): Promise<boolean> {
  const agent = new Agent({
    connect: { ...(ca !== undefined && { ca }), timeout: 5_000 },
    headersTimeout: 5_000,
  })
  try {
    const { statusCode, body } = await request(url, { dispatcher: agent })
    await body.dump()
    return statusCode === 200
  } finally {
    await agent.close()
  }
}
