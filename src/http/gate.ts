/** Lets at most a number of callers per key in at once, in the order they came. */
export interface Gate {
  /** Resolves to the function that leaves, to be called once; rejects with the signal's reason. */
  enter(key: string, limit: number, signal: AbortSignal): Promise<() => void>
}

interface Lane {
  inside: number
  readonly waiting: (() => void)[]
}

export function createGate(): Gate {
  const lanes = new Map<string, Lane>()

  function leave(key: string, lane: Lane): void {
    const next = lane.waiting.shift()
    if (next !== undefined) return next()
    lane.inside--
    if (lane.inside === 0) lanes.delete(key)
  }

  async function enter(key: string, limit: number, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    const lane = lanes.get(key) ?? { inside: 0, waiting: [] }
    lanes.set(key, lane)
    if (lane.inside < limit) lane.inside++
    else await waitTurn(lane, signal)
    return () => leave(key, lane)
  }
  return { enter }
}

function waitTurn(lane: Lane, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const turn = (): void => {
      signal.removeEventListener('abort', giveUp)
      resolve()
    }
    const giveUp = (): void => {
      lane.waiting.splice(lane.waiting.indexOf(turn), 1)
      reject(signal.reason as Error)
    }
    lane.waiting.push(turn)
    signal.addEventListener('abort', giveUp, { once: true })
  })
}
