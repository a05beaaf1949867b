/** The browser's side of passkeys: JSON of the gateway to what `navigator.credentials` takes, and back. */

interface Described {
  id: string;
  type: "public-key";
}

interface Options {
  challenge: string;
  rpId?: string;
  user?: { id: string; name: string; displayName: string };
  excludeCredentials?: Described[];
  allowCredentials?: Described[];
}

/** The agent closed the browser's window, or it took too long: nothing is wrong. */
export class NoPasskey extends Error {}

/** Browsers make passkeys for names, not for addresses in figures. */
export function canHavePasskeys(host = location.hostname): boolean {
  return !/^[\d.]+$|:/.test(host);
}

export async function makePasskey(said: Record<string, unknown>): Promise<object> {
  const options = said as unknown as Options;
  const user = options.user ?? { id: "", name: "", displayName: "" };
  const publicKey = {
    ...said,
    challenge: bytes(options.challenge),
    user: { ...user, id: bytes(user.id) },
    excludeCredentials: (options.excludeCredentials ?? []).map(described),
  } as unknown as PublicKeyCredentialCreationOptions;
  const made = await asked(() => navigator.credentials.create({ publicKey }));
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    ...base(made),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: text(response.attestationObject),
      transports: response.getTransports(),
    },
  };
}

export async function showPasskey(said: Record<string, unknown>): Promise<object> {
  const options = said as unknown as Options;
  const publicKey = {
    ...said,
    challenge: bytes(options.challenge),
    allowCredentials: (options.allowCredentials ?? []).map(described),
  } as unknown as PublicKeyCredentialRequestOptions;
  const shown = await asked(() => navigator.credentials.get({ publicKey }));
  const response = shown.response as AuthenticatorAssertionResponse;
  return {
    ...base(shown),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      userHandle: response.userHandle ? text(response.userHandle) : null,
    },
  };
}

async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  const found = await ask().catch(() => null);
  if (!found) throw new NoPasskey();
  return found as PublicKeyCredential;
}

function base(found: PublicKeyCredential): object {
  return { id: found.id, rawId: text(found.rawId), type: found.type, clientExtensionResults: {} };
}

function described(one: Described): PublicKeyCredentialDescriptor {
  return { type: one.type, id: bytes(one.id) };
}

/** base64url. */
export function bytes(said: string): Uint8Array<ArrayBuffer> {
  const plain = atob(said.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

export function text(raw: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(raw));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
