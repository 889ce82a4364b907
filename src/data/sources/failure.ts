import { messageOf } from "../../base/errors.ts";

/** What went wrong on the way to a server; fetch keeps it in the cause of its errors. */
export function networkReason(error: unknown): string {
  const cause = deepest(error);
  return messageOf(cause) || codeOf(cause);
}

/** Certificates, encryption, and answers that are no HTTP. */
const HOPELESS_CODE =
  /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|EPROTO|HPE_INVALID_(?:CONSTANT|VERSION|METHOD))/;

/** Whether asking again would fail the same way. */
export function isHopeless(error: unknown): boolean {
  const cause = deepest(error);
  return HOPELESS_CODE.test(codeOf(cause)) || /^bad port$/i.test(messageOf(cause));
}

const deepest = (error: unknown): unknown =>
  error instanceof Error && error.cause instanceof Error ? deepest(error.cause) : error;

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "";
