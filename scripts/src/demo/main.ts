// Starts a development chain, plays Black Thursday on it, and reports.

import { connect, listens } from "../lib/chain.ts";
import { freePort, NodeProcess } from "../lib/node.ts";
import { latency } from "./latency.ts";
import { report } from "./report.ts";
import { Story } from "./story.ts";

const once = process.argv.includes("--once");

/** The usual RPC port if nobody listens on it. */
async function rpcPort(): Promise<number> {
	return (await listens(9944)) ? freePort() : 9944;
}

async function main(): Promise<boolean> {
	const node = await NodeProcess.start({ args: ["--dev"], rpcPort: await rpcPort() });
	process.once("SIGINT", () => void node.stop().then(() => process.exit(130)));
	process.once("SIGTERM", () => void node.stop().then(() => process.exit(143)));
	console.log(`node ${node.pid} at ${node.url}, log ${node.logFile}`);
	try {
		const api = await connect(node.url);
		const { specName, specVersion } = api.runtimeVersion;
		console.log(`chain ${(await api.rpc.system.chain()).toString()}, runtime ${specName.toString()}-${specVersion.toString()}`);
		const journal = await (await Story.open(api)).play();
		const started = latency(journal);
		console.log(`\nliquidations started: ${started.text}`);
		console.log("\nmoney identities, from the chain's state:");
		const checks = await report(api, journal);
		for (const { what, holds, figures } of checks) {
			console.log(`  ${holds ? "holds " : "BROKEN"}  ${what}\n          ${figures}`);
		}
		const sound = checks.every(({ holds }) => holds);
		if (!once) await leaveRunning(node);
		await api.disconnect();
		return sound;
	} finally {
		await node.stop();
	}
}

async function leaveRunning(node: NodeProcess): Promise<void> {
	const address = encodeURIComponent(node.url);
	console.log(`\nThe node is still running. Look around with Polkadot.js Apps:`);
	console.log(`  https://polkadot.js.org/apps/?rpc=${address}`);
	console.log("Ctrl-C stops it.");
	while (node.running) await new Promise((resolve) => setTimeout(resolve, 1000));
}

main().then(
	(sound) => process.exit(sound ? 0 : 1),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
