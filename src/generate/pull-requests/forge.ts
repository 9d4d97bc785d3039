import type { JsonValue } from '../../lib/json.ts'
import type { HttpResponse } from '../../ports.ts'

/** An open pull request, as every forge knows it. */
export interface PullRequest {
  readonly number: number
  /** The branch it comes from, without `refs/heads/`. */
  readonly branch: string
  readonly sha: string
  readonly cloneUrl: string
  readonly cloneSshUrl: string
  /** Full name of the repository that it comes from; empty where that is gone or hidden. */
  readonly repository: string
  readonly labels: readonly string[]
}

export interface Page {
  readonly items: readonly PullRequest[]
  /** What `pageUrl` takes for the next page; undefined after the last. */
  readonly next: string | undefined
}

/** A further request under the same credentials. Throws AppError; undefined for 404. */
export type Ask = (url: string) => Promise<JsonValue | undefined>

/** One kind of forge, for one repository. */
export interface Forge {
  readonly firstPage: string
  pageUrl(page: string): string
  authHeaders(token: string): Readonly<Record<string, string>>
  /** Throws ForgeAnswerError. */
  readPage(answer: JsonValue, response: HttpResponse, ask: Ask): Promise<Page>
  /** Said once per evaluation where labels are asked for. */
  readonly labelsWarning?: string
}

/** The answer is not what the forge's API documents. */
export class ForgeAnswerError extends Error {
  override readonly name = 'ForgeAnswerError'
}
