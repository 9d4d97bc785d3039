import { mapField, stringField } from '../lib/json.ts'
import type { JsonObject } from '../lib/json.ts'
import { cutMessage } from '../api/conditions.ts'
import type { Clock, EventSink, Logger } from '../ports.ts'

const TIMEOUT_MS = 5_000
/** Sent at the same time; more are dropped, since events are a courtesy. */
const MAX_IN_FLIGHT = 16

export interface FluxEventOptions {
  /** Base address of notification-controller, for example `http://notification-controller.flux-system`. */
  readonly address: string
  readonly controller: string
  readonly instance: string
  readonly clock: Clock
  readonly log: Logger
}

type SetEvent = Parameters<EventSink['emit']>[0]

/** Passes every event on to Flux's notification-controller too, in the form of `event.toolkit.fluxcd.io/v1beta1`. */
export function withFluxEvents(inner: EventSink, options: FluxEventOptions): EventSink {
  let inFlight = 0
  const send = async (event: SetEvent): Promise<void> => {
    if (inFlight >= MAX_IN_FLIGHT) return
    inFlight++
    try {
      const response = await fetch(options.address, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(toFluxEvent(event, options)),
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      await response.body?.cancel()
    } catch (error) {
      options.log.debug('an event did not reach notification-controller', { error })
    } finally {
      inFlight--
    }
  }
  return {
    emit: (event) => {
      inner.emit(event)
      void send(event)
    },
  }
}

function toFluxEvent(event: SetEvent, options: FluxEventOptions): JsonObject {
  const { metadata, apiVersion, kind } = event.regarding
  return {
    involvedObject: {
      apiVersion,
      kind,
      name: stringField(metadata, 'name'),
      namespace: stringField(metadata, 'namespace'),
      uid: stringField(metadata, 'uid'),
      resourceVersion: stringField(metadata, 'resourceVersion'),
    },
    severity: event.type === 'Warning' ? 'error' : 'info',
    timestamp: new Date(options.clock.nowMs()).toISOString(),
    message: cutMessage(event.message),
    reason: event.reason,
    metadata: { ...mapField(metadata, 'labels') },
    reportingController: options.controller,
    reportingInstance: options.instance,
  }
}
