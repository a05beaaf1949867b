/** PURE: mail addresses as people type them into one field. */

/** Apart by comma, semicolon, space or line, also the full-width ones; `Name <address>` is its address. */
export function addressesIn(typed: string): string[] {
  const bare = typed.replace(/(?:"[^"]*"\s*|[^<>,;，；、\n]*)<([^<>]*)>/g, " $1 ");
  return [...new Set(bare.split(/[\s,;，；、]+/).filter(Boolean))];
}

/** Those that no mail can go to; the gateway looks more closely. */
export function noAddresses(addresses: string[]): string[] {
  return addresses.filter((one) => !/^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$/u.test(one));
}
