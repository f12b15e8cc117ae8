// The compose file: four validators, each with its own key and volume, that find the first by the peer
// id of its node key.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { base58Encode, ed25519PairFromSeed } from "@polkadot/util-crypto";
import { parse } from "yaml";
import { flagProblems } from "./flags.ts";

interface Service {
	build?: { context: string; dockerfile: string };
	command?: string[];
	ports?: string[];
	volumes?: string[];
	depends_on?: string[];
}

interface Compose {
	services?: Record<string, Service>;
	volumes?: Record<string, unknown>;
}

/** An identity hash of the key's protobuf: type ed25519, 32 bytes. */
const PEER_ID_PREFIX = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20];

/** The peer id of a node key. */
export function peerId(nodeKey: string): string {
	const { publicKey } = ed25519PairFromSeed(Uint8Array.from(Buffer.from(nodeKey, "hex")));
	return base58Encode(Uint8Array.from([...PEER_ID_PREFIX, ...publicKey]));
}

const option = (service: Service, name: string) =>
	service.command
		?.find((word) => word === name || word.startsWith(`${name}=`))
		?.slice(name.length + 1);

/** `/dns/SERVICE/tcp/PORT/p2p/PEER` must be a service, and the peer of its key. */
function bootnodeProblems(services: Record<string, Service>, address: string): string[] {
	const [, , name, , port, , peer] = address.split("/");
	const service = services[name ?? ""];
	if (!service) return [`bootnode ${address}: no service of this name`];
	const key = option(service, "--node-key") ?? "";
	if (!/^[0-9a-f]{64}$/.test(key)) return [`${name}: its node key is not 32 bytes`];
	const problems = peerId(key) === peer ? [] : [`${name}'s peer id is ${peerId(key)}`];
	const listens = option(service, "--port") ?? "30333";
	return listens === port ? problems : [...problems, `${name} listens on ${listens}`];
}

function serviceProblems(name: string, compose: Compose, folder: string, flags: Set<string>) {
	const services = compose.services ?? {};
	const service = services[name]!;
	const problems = flagProblems(service.command ?? [], flags);
	const { build } = service;
	if (build && !existsSync(join(folder, build.context, build.dockerfile))) {
		problems.push(`no ${build.dockerfile} in ${build.context}`);
	}
	for (const other of service.depends_on ?? []) {
		if (!services[other]) problems.push(`depends on ${other}, which is not there`);
	}
	for (const volume of service.volumes ?? []) {
		const [source] = volume.split(":");
		if (!(source! in (compose.volumes ?? {}))) problems.push(`no volume ${source}`);
	}
	for (const port of service.ports ?? []) {
		if (!port.startsWith("127.0.0.1:")) problems.push(`port ${port} is open to the world`);
	}
	const boot = option(service, "--bootnodes");
	if (boot) problems.push(...bootnodeProblems(services, boot));
	return problems.map((problem) => `${name}: ${problem}`);
}

/** Values that more than one service has. */
function shared(values: (string | undefined)[], what: string): string[] {
	const all = values.filter((value) => value !== undefined);
	const twice = all.filter((value, index) => all.indexOf(value) !== index);
	return twice.map((value) => `two services have ${what} ${value}`);
}

/** What is wrong with the compose file in this folder. */
export function composeProblems(text: string, folder: string, flags: Set<string>): string[] {
	const compose = parse(text, { merge: true }) as Compose;
	const services = Object.values(compose.services ?? {});
	const names = Object.keys(compose.services ?? {});
	const problems = names.flatMap((name) => serviceProblems(name, compose, folder, flags));
	const keyrings = ["--alice", "--bob", "--charlie", "--dave"];
	for (const keyring of keyrings) {
		const count = services.filter((one) => one.command?.includes(keyring)).length;
		// Two with the same keys equivocate.
		if (count !== 1) problems.push(`${count} services validate as ${keyring}`);
	}
	const hostPorts = services.flatMap((one) => (one.ports ?? []).map((port) => port.split(":")[1]));
	const volumes = services.flatMap((one) => (one.volumes ?? []).map((volume) => volume.split(":")[0]));
	return [
		...problems,
		...shared(services.map((one) => option(one, "--node-key")), "the node key"),
		...shared(hostPorts, "the port"),
		...shared(volumes, "the volume"),
	];
}
