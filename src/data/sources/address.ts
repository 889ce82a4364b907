import { UserError } from "../../base/errors.ts";
import { withoutPasswords } from "../../base/printable.ts";

/** Two letters at least: `C:` is a disk. */
const SCHEME = /^(?:[a-z][a-z\d+.-]+:\/\/|https?:)/i;

/** Whether a place is meant as a server's address, well written or not, and not as a path. */
export const isAddress = (place: string): boolean => SCHEME.test(place);

/**
 * An http or https address as it is asked of a server.
 * @param what stands before the address in errors, such as "CIZGI_BUCKET: ".
 * @throws UserError, in which no password is, for anything else, and for an address with a user or password: it would go
 *   into configurations, reports and the cache.
 */
export function requireAddress(address: string, what = ""): URL {
  const shown = withoutPasswords(address);
  const url = /^https?:\/\//i.test(address) && URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined) throw new UserError(`${what}expected an http or https address, found "${shown}"`);
  if (url.username !== "" || url.password !== "")
    throw new UserError(
      `${what}${shown}: an address with a user or a password is not read; fetch its files yourself and give their folder`,
    );
  return url;
}

/** The base that files lie below. @throws UserError as `requireAddress`, and for an address with more behind its path. */
export function requireBase(address: string, what = ""): string {
  const { search, hash } = requireAddress(address, what);
  const [base = ""] = address.split(/[?#]/);
  if (search !== "" || hash !== "")
    throw new UserError(
      `${what}${base}: expected an address without ? and #, to which /cat.ndjson can be added`,
    );
  return base.replace(/\/+$/, "");
}
