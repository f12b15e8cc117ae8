// What the validator's own node is asked: whether it is ready, and for session keys.

import { readFileSync } from "node:fs";
import { Keyring, type ApiPromise } from "@polkadot/api";

/** Refuses a node that would not validate with the keys it is given. */
export async function ready(api: ApiPromise): Promise<void> {
	const [health, roles] = await Promise.all([api.rpc.system.health(), api.rpc.system.nodeRoles()]);
	if (health.isSyncing.isTrue) throw new Error("the node is still syncing: wait until it is done");
	if (![...roles].some((role) => role.isAuthority)) {
		throw new Error("the node does not validate: start it with --validator");
	}
}

/** Has the node make new session keys in its keystore; gives their public parts. */
export async function rotate(api: ApiPromise): Promise<string> {
	const keys = (await api.rpc.author.rotateKeys()).toHex();
	if (!(await has(api, keys))) throw new Error("the node has not kept the keys that it made");
	return keys;
}

/** Whether all of these session keys are in the node's keystore. */
export async function has(api: ApiPromise, keys: string): Promise<boolean> {
	return (await api.rpc.author.hasSessionKeys(keys)).isTrue;
}

/** Key types of session keys by the names that the runtime gives them. */
const TYPES: Readonly<Record<string, readonly [id: string, crypto: "sr25519" | "ed25519"]>> = {
	babe: ["babe", "sr25519"],
	grandpa: ["gran", "ed25519"],
};

/** The names of the session keys of this runtime, in order. */
export function keyNames(api: ApiPromise): string[] {
	const type = api.tx["session"]!["setKeys"]!.meta.fields[0]!.type;
	const { fields } = api.registry.lookup.getSiType(type).def.asComposite;
	return fields.map(({ name }) => name.unwrap().toString());
}

/** Whether a secret can be sent there: nobody listens on the way. */
export function keepsSecrets(url: string): boolean {
	const { protocol, hostname } = new URL(url);
	return protocol === "wss:" || hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}

/** Puts keys of a secret phrase of one's own into the node's keystore: a child of it for each key. */
export async function insert(api: ApiPromise, file: string): Promise<string> {
	const phrase = readFileSync(file, "utf8").trim();
	const publics: string[] = [];
	for (const name of keyNames(api)) {
		const [id, crypto] = TYPES[name] ?? [];
		if (!id || !crypto) throw new Error(`the runtime has a session key that this script does not know: ${name}`);
		const secret = `${phrase}//${name}`;
		const { publicKey } = new Keyring({ type: crypto }).createFromUri(secret);
		const hex = Buffer.from(publicKey).toString("hex");
		await api.rpc.author.insertKey(id, secret, `0x${hex}`);
		publics.push(hex);
	}
	return `0x${publics.join("")}`;
}
