/** Controls but for tab and end of line, and marks that turn the direction of writing: a terminal obeys them. */
const UNPRINTABLE = /[^\P{Cc}\t\n]|[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Text that may come from a file or a server, for a terminal: what that would obey is written as `\u001b`. */
export const printable = (text: string): string =>
  withoutPasswords(text).replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** User and password of an address, as RFC 3986 has them, and one that holds a slash where RFC 3986 has none. */
const USER_AND_PASSWORD =
  /\b([a-z][a-z\d+.-]*:[/\\]{1,2})(?:[^\s/\\?#"']*@|[^\s/\\?#:@"']*:(?!\d*[/\\])[^\s@"']*@)/gi;

/** The text with the users and passwords of the addresses in it hidden: `http://***@host`. */
export const withoutPasswords = (text: string): string => text.replace(USER_AND_PASSWORD, "$1***@");
