// A network of node processes on this machine: each with its own folder and node key, found by the others
// through `--bootnodes`; killed, restarted from their databases and joined at will.

import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WsProvider, type ApiPromise } from "@polkadot/api";
import { u8aConcat } from "@polkadot/util";
import { base58Encode, ed25519PairFromSeed } from "@polkadot/util-crypto";
import { connect, listens, sleep } from "./chain.ts";
import { freePort, NodeProcess } from "./node.ts";

/** A node of the network, running or not. */
export class Member {
	process: NodeProcess | undefined;
	private provider: WsProvider | undefined;
	private connected: ApiPromise | undefined;

	constructor(
		readonly name: string,
		readonly folder: string,
		readonly p2pPort: number,
		readonly rpcPort: number,
		readonly peerId: string,
		private readonly args: readonly string[],
	) {}

	/** Where others find it. */
	get address(): string {
		return `/ip4/127.0.0.1/tcp/${this.p2pPort}/p2p/${this.peerId}`;
	}

	get running(): boolean {
		return this.process?.running ?? false;
	}

	/** Starts its process, or starts it again from its database, and waits until it answers. */
	async start(bootnodes: readonly string[]): Promise<void> {
		const found = bootnodes.flatMap((address) => ["--bootnodes", address]);
		this.process = await NodeProcess.start({
			args: [...this.args, ...found],
			basePath: this.folder,
			p2pPort: this.p2pPort,
			rpcPort: this.rpcPort,
		});
		const deadline = Date.now() + START;
		while (!(await listens(this.rpcPort))) {
			if (!this.running) throw new Error(`${this.name} ended at its start: ${this.process.logFile}`);
			if (Date.now() > deadline) throw new Error(`${this.name} does not answer: ${this.process.logFile}`);
			await sleep(250);
		}
		const provider = new WsProvider(this.process.url, 1_000);
		this.provider = provider;
		while (!provider.isConnected) {
			if (Date.now() > deadline) throw new Error(`${this.name} takes no connection: ${this.process.logFile}`);
			await sleep(100);
		}
	}

	/** Ends its process: with SIGKILL as a machine that is switched off does. Its folder stays. */
	async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
		await this.connected?.disconnect().catch(() => undefined);
		await this.provider?.disconnect().catch(() => undefined);
		this.connected = undefined;
		this.provider = undefined;
		await this.process?.kill(signal);
	}

	/** Asks it over RPC, without decoding its metadata. */
	async ask<T>(method: string, ...params: unknown[]): Promise<T> {
		if (!this.provider) throw new Error(`${this.name} does not run`);
		return this.provider.send<T>(method, params);
	}

	/** The number of its best block. */
	async best(): Promise<number> {
		return Number((await this.ask<{ number: string }>("chain_getHeader")).number);
	}

	/** The number of its last finalised block. */
	async finalized(): Promise<number> {
		const hash = await this.ask<string>("chain_getFinalizedHead");
		return Number((await this.ask<{ number: string }>("chain_getHeader", hash)).number);
	}

	/** The hash of a block of its best chain; nothing if it has not got so far. */
	async hashOf(block: number): Promise<string | null> {
		return this.ask<string | null>("chain_getBlockHash", block);
	}

	/** The whole interface, decoded by the metadata; connected once. */
	async api(): Promise<ApiPromise> {
		if (!this.process) throw new Error(`${this.name} does not run`);
		this.connected ??= await connect(this.process.url, START);
		return this.connected;
	}
}

/** A node may need so long to answer, in milliseconds, on a machine that is busy. */
const START = 180_000;
/** A network without a new block for so long, in milliseconds, stands still. */
const STANDSTILL = 240_000;

export class Network {
	readonly members: Member[] = [];

	private constructor(
		/** Name of a preset, or file of a specification. */
		readonly chain: string,
		readonly folder: string,
	) {}

	/** A network without nodes. */
	static open(chain: string): Network {
		return new Network(chain, mkdtempSync(join(tmpdir(), "ballast-network-")));
	}

	/** Starts a validator for each of these development keys (`alice` ..), all knowing of each other. */
	static async ofValidators(names: readonly string[], chain = "local"): Promise<Network> {
		const network = Network.open(chain);
		try {
			const members = await Promise.all(names.map((name) => network.add(name, [`--${name}`])));
			await Promise.all(members.map((member) => network.start(member)));
			return network;
		} catch (error) {
			await network.stop(true);
			throw error;
		}
	}

	/** Adds a node that does not run yet. */
	async add(name: string, args: readonly string[] = []): Promise<Member> {
		const folder = join(this.folder, name);
		mkdirSync(folder);
		const seed = randomBytes(32);
		const file = join(folder, "node-key");
		writeFileSync(file, seed.toString("hex"), { mode: 0o600 });
		const [p2pPort, rpcPort] = [await freePort(), await freePort()];
		// Two networks of the same genesis on one machine must not find each other.
		const fixed = ["--chain", this.chain, "--node-key-file", file, "--no-mdns"];
		const member = new Member(name, folder, p2pPort, rpcPort, peerIdOf(seed), [...fixed, ...args]);
		this.members.push(member);
		return member;
	}

	/** Starts, or starts again, a node with the others as boot nodes. */
	async start(member: Member): Promise<void> {
		await member.start(this.members.filter((one) => one !== member).map((one) => one.address));
	}

	/** Adds a node and starts it. */
	async join(name: string, args: readonly string[] = []): Promise<Member> {
		const member = await this.add(name, args);
		await this.start(member);
		return member;
	}

	/** The node of a name. */
	member(name: string): Member {
		const found = this.members.find((one) => one.name === name);
		if (!found) throw new Error(`no node ${name} in this network`);
		return found;
	}

	/** The nodes that run. */
	get running(): Member[] {
		return this.members.filter((one) => one.running);
	}

	/**
	 * Waits until `probe` gives something. Counts blocks rather than seconds, since the machine may be busy: fails
	 * after so many best blocks of the first running node, or if it has no new one for minutes.
	 */
	async within<T>(blocks: number, what: string, probe: () => Promise<T | undefined>): Promise<T> {
		const watched = this.running[0];
		if (!watched) throw new Error("no node runs");
		const first = await watched.best();
		let [best, since] = [first, Date.now()];
		for (;;) {
			const value = await probe().catch(() => undefined);
			if (value !== undefined) return value;
			const now = await watched.best();
			if (now > best) [best, since] = [now, Date.now()];
			if (best > first + blocks) throw new Error(`not within ${blocks} blocks: ${what}`);
			if (Date.now() - since > STANDSTILL) throw new Error(`no block for ${STANDSTILL / 1000} s: ${what}`);
			await sleep(1_000);
		}
	}

	/** Waits until a node has finalised this block. */
	async finalized(member: Member, block: number, blocks: number): Promise<number> {
		return this.within(blocks, `${member.name} finalises block ${block}`, async () => {
			const now = await member.finalized();
			return now >= block ? now : undefined;
		});
	}

	/** Waits until the first running node has so many more best blocks. */
	async blocks(more: number): Promise<void> {
		const watched = this.running[0]!;
		const target = (await watched.best()) + more;
		await this.within(more + 2, `${more} blocks`, async () =>
			(await watched.best()) >= target ? true : undefined,
		);
	}

	/** Ends all nodes and removes their folders; after a failure their logs stay, and it says where. */
	async stop(failed = false): Promise<void> {
		await Promise.all(this.members.map((member) => member.kill("SIGKILL")));
		if (!failed) return rmSync(this.folder, { recursive: true, force: true });
		for (const { folder } of this.members) {
			for (const entry of readdirSync(folder)) {
				if (!entry.endsWith(".log")) rmSync(join(folder, entry), { recursive: true, force: true });
			}
		}
		console.error(`logs of the nodes: ${this.folder}/*/*.log`);
	}
}

/** The peer id of a node key: the multihash of its public key. */
function peerIdOf(seed: Uint8Array): string {
	const { publicKey } = ed25519PairFromSeed(seed);
	return base58Encode(u8aConcat([0x00, 0x24, 0x08, 0x01, 0x12, 0x20], publicKey));
}
