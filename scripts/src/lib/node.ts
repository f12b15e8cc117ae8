// A node process: started on free ports with its own folder, stopped with any signal.

import { spawn, type ChildProcess } from "node:child_process";
import { createWriteStream, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BINARY, COMPILED, rawSpec } from "./binary.ts";

// Whatever ends this process ends its nodes too.
const alive = new Set<ChildProcess>();
process.once("exit", () => alive.forEach((child) => child.kill("SIGKILL")));

export interface NodeOptions {
	/** Chain and role, for example `["--dev"]`. */
	args: string[];
	/** The node makes its genesis itself, as one that a user starts: many seconds. */
	asTyped?: boolean;
	/** Folder for the database and keys; a temporary one if absent. */
	basePath?: string;
	/** WebSocket port; a free one if absent. */
	rpcPort?: number;
	/** Peer-to-peer port; a free one if absent. */
	p2pPort?: number;
}

// Ports that nobody listens on yet, but will.
const given = new Set<number>();

/** Asks the system for a port that nobody listens on, and that was not given before. */
export async function freePort(): Promise<number> {
	const port = await new Promise<number>((resolve, reject) => {
		const server = createServer();
		server.once("error", reject);
		server.listen(0, "127.0.0.1", () => {
			const address = server.address();
			const port = typeof address === "object" && address ? address.port : 0;
			server.close(() => resolve(port));
		});
	});
	if (given.has(port)) return freePort();
	given.add(port);
	return port;
}

/** The same arguments with the genesis that the binary has made before. */
function withGenesis(args: string[]): string[] {
	const at = args.indexOf("--chain");
	const chain = at < 0 ? undefined : args[at + 1];
	if (chain !== undefined) return args.map((arg, i) => (i === at + 1 ? rawSpec(chain) : arg));
	return args.includes("--dev") ? [...args, "--chain", rawSpec("dev")] : args;
}

export class NodeProcess {
	readonly url: string;

	private constructor(
		private readonly child: ChildProcess,
		readonly basePath: string,
		readonly rpcPort: number,
		readonly p2pPort: number,
		readonly logFile: string,
		private readonly temporary: boolean,
	) {
		this.url = `ws://127.0.0.1:${rpcPort}`;
	}

	/** Starts the process; it answers on `url` some seconds later. */
	static async start(options: NodeOptions): Promise<NodeProcess> {
		if (!existsSync(BINARY)) throw new Error(`no node at ${BINARY}: run scripts/demo or scripts/test`);
		const basePath = options.basePath ?? mkdtempSync(join(tmpdir(), "ballast-"));
		const rpcPort = options.rpcPort ?? (await freePort());
		const p2pPort = options.p2pPort ?? (await freePort());
		const logFile = join(basePath, `node-${rpcPort}.log`);
		const fixed = ["--rpc-port", `${rpcPort}`, "--port", `${p2pPort}`, "--base-path", basePath];
		const shared = ["--compiled", COMPILED, "--no-telemetry", "--no-prometheus"];
		const chosen = options.asTyped ? options.args : withGenesis(options.args);
		const args = [...chosen, ...fixed, ...shared];
		const child = spawn(BINARY, args, { stdio: ["ignore", "pipe", "pipe"] });
		const log = createWriteStream(logFile, { flags: "a" });
		child.stdout?.pipe(log, { end: false });
		child.stderr?.pipe(log, { end: false });
		alive.add(child);
		child.once("exit", () => alive.delete(child));
		return new NodeProcess(
			child,
			basePath,
			rpcPort,
			p2pPort,
			logFile,
			options.basePath === undefined,
		);
	}

	/** The process id, to name in messages. */
	get pid(): number {
		return this.child.pid ?? -1;
	}

	/** Whether the process is alive. */
	get running(): boolean {
		return this.child.exitCode === null && this.child.signalCode === null;
	}

	/** Sends the signal and waits until the process has ended. Keeps its folder. */
	async kill(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
		if (!this.running) return;
		const ended = new Promise<void>((resolve) => this.child.once("exit", () => resolve()));
		this.child.kill(signal);
		await ended;
	}

	/** Ends the process and removes its folder if it was a temporary one. */
	async stop(): Promise<void> {
		await this.kill("SIGTERM");
		if (this.temporary) rmSync(this.basePath, { recursive: true, force: true });
	}
}
