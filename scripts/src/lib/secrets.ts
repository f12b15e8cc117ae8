// Who signs. Secrets come from a file or the environment, never from the command line, which every user of
// the machine can read: there, only the development keys that everybody knows are taken.

import { readFileSync } from "node:fs";
import { Keyring } from "@polkadot/api";
import type { KeyringPair } from "@polkadot/keyring/types";
import { key } from "./chain.ts";

/** What the command line said. */
export interface Signing {
	/** A development key, such as `//Alice`. */
	from?: string | undefined;
	/** A file with a secret phrase, a seed in hex, or a backup of Polkadot.js. */
	keyFile?: string | undefined;
}

export const SIGNING = "--from //Alice, --key-file FILE, or BALLAST_SECRET in the environment";

/** The pair that signs; says what is missing if there is none. */
export function signer({ from, keyFile }: Signing): KeyringPair {
	if (from !== undefined) {
		if (!from.startsWith("//")) {
			throw new Error(`--from takes development keys only, such as //Alice; else use --key-file or BALLAST_SECRET`);
		}
		return key(from);
	}
	if (keyFile !== undefined) return fromText(readFileSync(keyFile, "utf8").trim());
	const secret = process.env["BALLAST_SECRET"];
	if (secret) return fromText(secret.trim());
	throw new Error(`who signs? ${SIGNING}`);
}

/** A pair of a phrase, a seed, or a backup that BALLAST_PASSWORD opens. */
function fromText(text: string): KeyringPair {
	const keyring = new Keyring({ type: "sr25519" });
	if (!text.startsWith("{")) return keyring.addFromUri(text);
	const pair = keyring.createFromJson(JSON.parse(text));
	const password = process.env["BALLAST_PASSWORD"];
	if (password === undefined) throw new Error("the backup has a password: give it as BALLAST_PASSWORD");
	pair.decodePkcs8(password);
	return pair;
}
